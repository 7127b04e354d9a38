-- what: somatic department stays that begin on the last day of, or during, an earlier one of the same patient
-- grain: one row per such department stay (the later of the two)
-- key: episode_nr
-- source: regulation §3.5, §3.8, §7.18
with
placed as (
    select
        episode_nr,
        patient_id,
        institution_id,
        unit_id,
        start_s,
        start_date,
        lag(episode_nr) over later as earlier_nr,
        lag(institution_id) over later as earlier_institution_id,
        lag(unit_id) over later as earlier_unit_id,
        lag(end_s) over later as earlier_end_s,
        lag(end_date) over later as earlier_end_date,
        lag(end_time_known) over later as earlier_end_known,
        start_time_known,
    from episode
    where is_department_stay and sector = 'SOM' and end_date is not null
    window later as (partition by patient_id order by start_s, end_s desc, episode_id)
)

select
    placed.episode_nr,
    placed.earlier_nr,
    placed.institution_id = placed.earlier_institution_id as same_institution,
    placed.institution_id = placed.earlier_institution_id
        and placed.unit_id = placed.earlier_unit_id as same_unit,
    placed.start_s < placed.earlier_end_s as is_overlap,
from placed
-- Only with hours can one know: a date alone would make every transfer look like an overlap.
where placed.start_time_known
    and placed.earlier_end_known
    and (
        placed.start_s < placed.earlier_end_s
        or (placed.start_date = placed.earlier_end_date and placed.start_s > placed.earlier_end_s + 60 * ref.number('7.18', 'stay_gap_minutes'))
    )
