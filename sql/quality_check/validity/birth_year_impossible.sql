-- what: episodes with a birth year after the activity year or too long ago
-- grain: one row per failing row
-- key: row_key
-- check: validity
-- source: regulation §4.20, §8.6
select
    episode.row_type,
    episode.row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    episode.month,
    cast(reported.fodselsar as varchar) as value,
    cast(0 as decimal(18, 3)) as points_at_stake,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where (
        reported.fodselsar > (select year from landing.delivery)
        or reported.fodselsar < (select year from landing.delivery) - (
            select number from check_parameter
            where check_id = 'birth_year_impossible' and parameter = 'oldest_age'
        )
    )
