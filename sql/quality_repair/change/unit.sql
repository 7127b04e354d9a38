-- what: a unit: the institution's most used unit in ISF and its most used outside, as often as there
-- grain: one row per finding, variant and value that changes
-- key: finding_nr, variant, file, row_key, column_name, value
-- repair: unit
-- source: regulation §4.4
with
asked as (
    select
        finding.finding_nr,
        finding.episode_nr,
        episode.institution_id,
    from finding
    inner join episode on episode.episode_nr = finding.episode_nr
    where finding.repair = 'unit'
),

at_institution as (
    select
        episode.institution_id,
        coalesce(unit.isfRefusjon = ref.number('4.4', 'isf_refund_yes'), false) as in_isf,
        episode.unit_id,
        sum(count(*)) over (
            partition by episode.institution_id, coalesce(unit.isfRefusjon = ref.number('4.4', 'isf_refund_yes'), false)
        ) as episodes,
    from episode
    inner join landing.enhet as unit on unit.enhetID = episode.unit_id
    where episode.institution_id in (select institution_id from asked)
    group by episode.institution_id, in_isf, episode.unit_id
    qualify row_number() over (partition by episode.institution_id, in_isf order by count(*) desc, episode.unit_id) = 1
)

select
    asked.finding_nr,
    if(at_institution.in_isf, 1, 2) as variant,
    at_institution.episodes as weight,
    'episode' as file,
    cast(asked.episode_nr as varchar) as row_key,
    'avdeling' as column_name,
    at_institution.unit_id as value,
from asked
inner join at_institution on at_institution.institution_id = asked.institution_id
