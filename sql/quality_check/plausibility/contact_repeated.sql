-- what: contacts of a patient with the same main condition and group within half an hour of another at the institution
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §3.5, §3.8
with
placed as (
    select
        episode_nr,
        unit_id,
        start_s,
        lag(episode_nr) over same_treatment as earlier_nr,
        lag(unit_id) over same_treatment as earlier_unit_id,
        lag(start_s) over same_treatment as earlier_start_s,
    from episode
    where not is_department_stay and start_time_known and reason = 'included'
    window same_treatment as (
        partition by patient_id, institution_id, sector, drg, main_condition, contact_type order by start_s, episode_id
    )
)

select
    episode_nr,
    earlier_nr as partner_nr,
    (start_s - earlier_start_s) // 60 || ' min' as value,
from placed
where start_s - earlier_start_s <= 60 * (
        select number from check_parameter where check_id = 'contact_repeated' and parameter = 'minutes'
    )
    -- The same unit at the same second is a finding of its own.
    and (start_s > earlier_start_s or unit_id <> earlier_unit_id)
