-- what: birth years that differ from that of the patient’s other episodes
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §4.20, §8.6
with
counted as (
    select
        patient_id,
        birth_year,
        count(*) as episodes,
    from episode
    where birth_year is not null
    group by patient_id, birth_year
),

usual as (
    select
        patient_id,
        -- The most reported are two: no telling which is right, so all are told and none is proposed.
        if(count(*) filter (where episodes = most) = 1, arg_max(birth_year, episodes), null) as birth_year,
    from (select *, max(episodes) over (partition by patient_id) as most from counted)
    group by patient_id
    having count(*) > 1
)

select
    episode.episode_nr,
    cast(episode.birth_year as varchar) as value,
    cast(usual.birth_year as varchar) as proposed,
from episode
inner join usual on usual.patient_id = episode.patient_id
where episode.birth_year is distinct from usual.birth_year and episode.birth_year is not null
