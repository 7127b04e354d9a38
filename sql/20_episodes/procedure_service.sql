-- what: procedure codes that can make a special service, and which one as the episode was reported
-- grain: one row per accepted episode and procedure code of the service table
-- key: episode_nr, procedure
-- source: docs/regelverk.md 4 (a); regulation §4.19, §4.20
-- requires: 4.20
with
service_procedure as (
    select distinct
        episode_nr,
        kode as procedure,
    from landing.prosedyre
    where kode in (select procedure from ref.stg_procedure)
),

reported as (
    select
        service_procedure.episode_nr,
        service_procedure.procedure,
        episode.sector,
        episode.drg,
        episode.hdg,
        if(
            episode.is_child_psychiatry or delivery.year - episode.birth_year < ref.number('4.20', 'child_age_below'),
            'child',
            'adult'
        ) as age_group,
    from service_procedure
    inner join reported_episode as episode on episode.episode_nr = service_procedure.episode_nr
    cross join landing.delivery as delivery
)

select
    reported.episode_nr,
    reported.procedure,
    reported.age_group,
    -- The episode's HDG, else its DRG's, else only the `*` row; a row for the HDG is more specific (section 4).
    coalesce(for_hdg.stg, for_all.stg) as stg,
from reported
left join ref.drg as drg on drg.sector = reported.sector and drg.drg = reported.drg
left join service_code as for_hdg
    on for_hdg.procedure = reported.procedure
    and for_hdg.sector = reported.sector
    and for_hdg.age_group = reported.age_group
    and for_hdg.hdg = cast(coalesce(reported.hdg, drg.hdg) as varchar)
left join service_code as for_all
    on for_all.procedure = reported.procedure
    and for_all.sector = reported.sector
    and for_all.age_group = reported.age_group
    and for_all.hdg = '*'
