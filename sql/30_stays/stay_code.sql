-- what: the codes on a stay that some rule asks for
-- grain: one row per stay, kind of code and code
-- key: stay_nr, code_kind, code
-- source: docs/regelverk.md 2.1 point 4; regulation §7.18
with
asked_procedure as (
    select code from ref.codes_of_all_rules('procedure')
    union
    select code from ref.organ_donation_code
),

reported as (
    select
        episode_nr,
        'procedure' as code_kind,
        kode as code,
    from landing.prosedyre
    where kode in (select code from asked_procedure)
    union all
    select
        episode_nr,
        'condition' as code_kind,
        kode as code,
    from landing.tilstand
    where kode in (from ref.codes_of_all_rules('secondary_condition'))
    union all
    select
        episode_nr,
        'tariff' as code_kind,
        takst as code,
    from landing.takst
    where takst in (from ref.codes_of_all_rules('tariff'))
)

select
    stay_episode.stay_nr,
    reported.code_kind,
    reported.code,
    count(*) as reported_rows,
from reported
inner join stay_episode on stay_episode.episode_nr = reported.episode_nr
group by stay_episode.stay_nr, reported.code_kind, reported.code
