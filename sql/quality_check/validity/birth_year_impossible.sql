-- what: episodes with a birth year after the activity year or too long ago
-- grain: one row per failing row
-- key: episode_nr
-- check: validity
-- source: regulation §4.20, §8.6
select
    episode.episode_nr,
    cast(reported.fodselsar as varchar) as value,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where (
        reported.fodselsar > (select year from landing.delivery)
        or reported.fodselsar < (select year from landing.delivery) - (
            select number from check_parameter
            where check_id = 'birth_year_impossible' and parameter = 'oldest_age'
        )
    )
