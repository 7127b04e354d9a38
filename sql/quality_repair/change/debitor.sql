-- what: a debitor: the unit's most used that ISF pays and its most used that ISF does not pay, as often as there
-- grain: one row per finding, variant and value that changes
-- key: finding_nr, variant, file, row_key, column_name, value
-- repair: debitor
-- source: regulation §4.5, §4.6
with
asked as (
    select
        finding.finding_nr,
        finding.episode_nr,
        episode.unit_id,
    from finding
    inner join episode on episode.episode_nr = finding.episode_nr
    where finding.repair = 'debitor'
),

at_unit as (
    select
        reported.avdeling as unit_id,
        debitor.isf_counts,
        debitor.code,
        sum(count(*)) over (partition by reported.avdeling, debitor.isf_counts) as episodes,
    from landing.episode as reported
    inner join ref.debitor as debitor on debitor.code = reported.debitor
    where reported.avdeling in (select unit_id from asked)
    group by reported.avdeling, debitor.isf_counts, debitor.code
    qualify row_number() over (
        partition by reported.avdeling, debitor.isf_counts order by count(*) desc, debitor.code
    ) = 1
)

select
    asked.finding_nr,
    if(at_unit.isf_counts, 1, 2) as variant,
    at_unit.episodes as weight,
    'episode' as file,
    cast(asked.episode_nr as varchar) as row_key,
    'debitor' as column_name,
    cast(at_unit.code as varchar) as value,
from asked
inner join at_unit on at_unit.unit_id = asked.unit_id
