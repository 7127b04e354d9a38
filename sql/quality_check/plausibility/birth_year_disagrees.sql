-- what: episodes of birth or of the newborn in a person of another age
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §4.14, §4.20
with
age_limit as (
    select
        hdg.number as hdg,
        youngest.number as youngest,
        oldest.number as oldest,
    from check_parameter as hdg
    inner join check_parameter as youngest
        on youngest.check_id = hdg.check_id and youngest.position = hdg.position and youngest.parameter = 'youngest'
    inner join check_parameter as oldest
        on oldest.check_id = hdg.check_id and oldest.position = hdg.position and oldest.parameter = 'oldest'
    where hdg.check_id = 'birth_year_disagrees' and hdg.parameter = 'hdg'
)

select
    episode.episode_nr,
    cast(episode.birth_year as varchar) as value,
from finding_episode as episode
inner join age_limit on age_limit.hdg = episode.hdg
where episode.sector = 'SOM'
    -- The age in the year the episode ended: a child born at New Year is not older than its stay.
    and year(coalesce(episode.end_date, episode.start_date)) - episode.birth_year not between age_limit.youngest and age_limit.oldest
