-- what: episodes with another municipality than the episodes of the patient before and after them
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §4.2
with
placed as (
    select
        episode_nr,
        municipality_number,
        lag(municipality_number) over in_time as before,
        lead(municipality_number) over in_time as after,
        count(*) over (partition by patient_id) as episodes,
    from episode
    where municipality_number is not null
    window in_time as (partition by patient_id order by start_s, episode_id)
)

select
    episode_nr,
    format('{:04d}', municipality_number) as value,
    format('{:04d}', before) as proposed,
from placed
where before = after and municipality_number <> before
