-- what: contacts outside the institution, at units that else have none
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §7.17, §8.1, §4.12
with
unit as (
    select
        unit_id,
        count(*) as contacts,
        count(*) filter (where is_ambulatory) as ambulatory,
    from episode
    where not is_department_stay
    group by unit_id
    having contacts >= (select number from check_parameter where check_id = 'place_unusual' and parameter = 'least')
        and ambulatory * (
            select number from check_parameter where check_id = 'place_unusual' and parameter = 'one_in'
        ) <= contacts
)

select
    episode.episode_nr,
    cast(episode.place as varchar) as value,
from episode
inner join unit on unit.unit_id = episode.unit_id
where episode.is_ambulatory
