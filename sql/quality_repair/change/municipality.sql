-- what: a municipality of residence: the patient's own on the nearest date, else the unit's most used, or of no resident as often as there
-- grain: one row per finding, variant and value that changes
-- key: finding_nr, variant, file, row_key, column_name, value
-- repair: municipality
-- source: regulation §4.2
with
known as (
    select municipality_number, true as is_resident from ref.municipality
    union all
    select number as municipality_number, false as is_resident from ref.numbers('4.2', 'not_resident_municipality')
),

asked as (
    select
        finding.finding_nr,
        finding.episode_nr,
        episode.patient_id,
        episode.unit_id,
        episode.start_s,
    from finding
    inner join episode on episode.episode_nr = finding.episode_nr
    where finding.repair = 'municipality'
),

own as (
    select
        asked.finding_nr,
        other.municipality_number,
    from asked
    inner join episode as other on other.patient_id = asked.patient_id
    inner join known on known.municipality_number = other.municipality_number
    qualify row_number() over (
        partition by asked.finding_nr order by abs(other.start_s - asked.start_s), other.episode_nr
    ) = 1
),

at_unit as (
    select
        episode.unit_id,
        known.is_resident,
        episode.municipality_number,
        sum(count(*)) over (partition by episode.unit_id, known.is_resident) as episodes,
    from episode
    inner join known on known.municipality_number = episode.municipality_number
    where episode.unit_id in (select unit_id from asked)
    group by episode.unit_id, known.is_resident, episode.municipality_number
    qualify row_number() over (
        partition by episode.unit_id, known.is_resident order by count(*) desc, episode.municipality_number
    ) = 1
)

select
    asked.finding_nr,
    if(own.finding_nr is not null or at_unit.is_resident, 1, 2) as variant,
    coalesce(if(own.finding_nr is not null, 1, at_unit.episodes), 1) as weight,
    'episode' as file,
    cast(asked.episode_nr as varchar) as row_key,
    'komNrHjem' as column_name,
    cast(coalesce(own.municipality_number, at_unit.municipality_number) as varchar) as value,
from asked
left join own on own.finding_nr = asked.finding_nr
left join at_unit on at_unit.unit_id = asked.unit_id and own.finding_nr is null
where coalesce(own.municipality_number, at_unit.municipality_number) is not null
