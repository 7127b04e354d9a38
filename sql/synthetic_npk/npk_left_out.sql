-- what: episodes outside the settlement that NPK is made to count: as a stay of their own, or in one of the patient's stays
-- grain: one row per episode
-- key: episode_nr
-- source: docs/synthetic-data.md
with
drawn as (
    select
        episode.episode_nr,
        episode.episode_id,
        episode.patient_id,
        episode.sector,
        episode.drg,
        episode.reason,
        u(key_of($seed, hash(episode.episode_id)), 'npk outside') as draw,
    from episode
    left join stay_episode on stay_episode.episode_nr = episode.episode_nr
    where stay_episode.stay_nr is null
),

-- At most one such episode for a stay, and no stay with another difference.
wider as (
    select
        drawn.episode_nr,
        min(stay.stay_nr) as stay_nr,
    from drawn
    inner join stay on stay.patient_id = drawn.patient_id and stay.sector = drawn.sector
    where drawn.draw < $npk_wider and stay.stay_nr not in (select stay_nr from npk_difference)
    group by drawn.episode_nr
    qualify row_number() over (partition by min(stay.stay_nr) order by drawn.episode_nr) = 1
)

select
    drawn.episode_nr,
    drawn.episode_id,
    drawn.drg,
    drawn.reason,
    wider.stay_nr,
from drawn
left join wider on wider.episode_nr = drawn.episode_nr
where wider.stay_nr is not null or drawn.draw >= 1 - $npk_only
