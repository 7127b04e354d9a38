-- what: procedure codes that could make a special service, and which, before the episode is judged
-- grain: one row per accepted episode and procedure code of the service table
-- key: episode_nr, procedure
-- source: rulebook section 4 (a); regulation §4.19, §4.20
with
activity as (
    select year from landing.delivery
),

service_procedure as (
    select distinct
        episode_nr,
        kode as procedure,
    from landing.prosedyre
    where kode in (select procedure from ref.stg_procedure)
),

candidate as (
    select
        service_procedure.episode_nr,
        service_procedure.procedure,
        episode_group.sector,
        -- As reported: the episode's HDG, else its DRG's, else only the `*` row (section 4).
        cast(coalesce(episode_group.reported_hdg, reported.hdg) as varchar) as hdg_as_reported,
        cast(episode_group.hdg as varchar) as hdg_as_included,
        if(
            episode.sektor = 'BUP' or activity.year - episode.fodselsar < (
                select number from ref.parameter where rule = '4.20' and parameter = 'child_age_below'
            ),
            'child',
            'adult'
        ) as age_group,
    from service_procedure
    inner join landing.episode as episode on episode.episode_nr = service_procedure.episode_nr
    inner join episode_group on episode_group.episode_nr = service_procedure.episode_nr
    left join ref.drg as reported
        on reported.sector = episode_group.sector and reported.drg = episode_group.reported_drg
    cross join activity
),

matched as (
    select
        candidate.*,
        stg_procedure.stg,
        stg_procedure.hdg,
        -- The most specific row goes first: HDG before age group.
        if(stg_procedure.hdg = '*', 2, 0) + if(stg_procedure.age_group = '*', 1, 0) as generality,
    from candidate
    inner join ref.stg_procedure as stg_procedure
        on stg_procedure.procedure = candidate.procedure
        and stg_procedure.sector = candidate.sector
        and stg_procedure.age_group in ('*', candidate.age_group)
)

select
    episode_nr,
    procedure,
    arg_min(stg, generality) filter (where hdg in ('*', hdg_as_reported)) as stg_as_reported,
    arg_min(stg, generality) filter (where hdg in ('*', hdg_as_included)) as stg_as_included,
from matched
group by episode_nr, procedure
