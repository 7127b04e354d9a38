-- what: a performing person: of the four categories that the unit's contacts most often have, as often as there
-- grain: one row per finding, variant and value that changes
-- key: finding_nr, variant, file, row_key, column_name, value
-- repair: personnel
-- source: regulation §4.3, §7.8
with
asked as (
    select
        finding.finding_nr,
        finding.episode_nr,
        episode.unit_id,
    from finding
    inner join episode on episode.episode_nr = finding.episode_nr
    where finding.repair = 'personnel'
),

-- One category stands for a contact: an eligible one where it has any.
performed as (
    select
        episode.unit_id,
        person.episode_nr,
        min((if(personnel.isf_eligible, 0, 1), person.polUtforende))[2] as category,
    from landing.helseperson as person
    inner join episode on episode.episode_nr = person.episode_nr
    inner join ref.personnel as personnel on personnel.code = person.polUtforende
    where episode.unit_id in (select unit_id from asked)
        and not episode.is_department_stay
        and episode.episode_nr not in (select episode_nr from asked)
    group by episode.unit_id, person.episode_nr
),

at_unit as (
    select
        unit_id,
        category,
        count(*) as contacts,
        row_number() over (partition by unit_id order by count(*) desc, category) as place,
    from performed
    group by unit_id, category
    qualify place <= 4
)

select
    asked.finding_nr,
    at_unit.place as variant,
    at_unit.contacts as weight,
    'helseperson' as file,
    cast(asked.episode_nr as varchar) as row_key,
    '+' as column_name,
    cast(at_unit.category as varchar) as value,
from asked
inner join at_unit on at_unit.unit_id = asked.unit_id
