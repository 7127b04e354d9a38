-- what: the place of activity: those that the unit's contacts have, as often as there
-- grain: one row per finding, variant and value that changes
-- key: finding_nr, variant, file, row_key, column_name, value
-- repair: place
-- source: regulation §7.17, §8.1
with
asked as (
    select
        finding.finding_nr,
        finding.episode_nr,
        episode.unit_id,
        episode.place as reported_place,
    from finding
    inner join episode on episode.episode_nr = finding.episode_nr
    where finding.repair = 'place'
),

at_unit as (
    select
        unit_id,
        place,
        count(*) as contacts,
        row_number() over (partition by unit_id order by count(*) desc, place) as nr,
    from episode
    where not is_department_stay
        and place is not null
        and episode_nr not in (select episode_nr from asked)
        and unit_id in (select unit_id from asked)
    group by unit_id, place
)

select
    asked.finding_nr,
    at_unit.nr as variant,
    at_unit.contacts as weight,
    'episode' as file,
    cast(asked.episode_nr as varchar) as row_key,
    'stedAktivitet' as column_name,
    cast(at_unit.place as varchar) as value,
from asked
inner join at_unit on at_unit.unit_id = asked.unit_id and at_unit.place is distinct from asked.reported_place
where at_unit.nr <= 4
