-- what: episodes at another institution than their department's others
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §3.5, §7.18
with
counted as (
    select
        unit_id,
        institution_id,
        count(*) as episodes,
        sum(count(*)) over (partition by unit_id) as of_all,
    from episode
    where unit_id is not null
    group by unit_id, institution_id
),

usual as (
    select
        counted.unit_id,
        counted.institution_id,
    from counted
    where counted.of_all - counted.episodes > 0
        and (counted.of_all - counted.episodes) * (
            select number from check_parameter where check_id = 'institution_of_other_unit' and parameter = 'one_in'
        ) <= counted.of_all
)

select
    episode.episode_nr,
    episode.institution_id as value,
    usual.institution_id as proposed,
from episode
inner join usual on usual.unit_id = episode.unit_id
where episode.institution_id <> usual.institution_id
