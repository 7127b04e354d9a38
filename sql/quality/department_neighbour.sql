-- what: somatic department stays with the one before of the same patient, where it overlaps or ended a few days ago
-- grain: one row per such department stay (the later of the two)
-- key: episode_nr
-- source: regulation §3.5, §3.8, §7.18
with
placed as (
    select
        episode_nr,
        patient_id,
        hf_orgnr,
        institution_id,
        unit_id,
        hdg,
        start_s,
        start_date,
        start_time_known,
        lag(episode_nr) over later as earlier_nr,
        lag(hf_orgnr) over later as earlier_hf_orgnr,
        lag(institution_id) over later as earlier_institution_id,
        lag(unit_id) over later as earlier_unit_id,
        lag(hdg) over later as earlier_hdg,
        lag(end_s) over later as earlier_end_s,
        lag(end_date) over later as earlier_end_date,
        lag(end_time_known) over later as earlier_end_known,
    from episode
    where is_department_stay and sector = 'SOM' and end_date is not null
    window later as (partition by patient_id order by start_s, end_s desc, episode_id)
)

select
    placed.episode_nr,
    placed.earlier_nr,
    placed.hf_orgnr = placed.earlier_hf_orgnr as same_trust,
    placed.institution_id = placed.earlier_institution_id as same_institution,
    placed.institution_id = placed.earlier_institution_id and placed.unit_id = placed.earlier_unit_id as same_unit,
    coalesce(placed.hdg = placed.earlier_hdg, false) as same_hdg,
    placed.start_s < placed.earlier_end_s as is_overlap,
    placed.start_date = placed.earlier_end_date as same_day,
    placed.start_s - placed.earlier_end_s as gap_s,
    -- Stays that lie so close are one already.
    placed.institution_id = placed.earlier_institution_id
        and placed.start_s <= placed.earlier_end_s + 60 * ref.number('7.18', 'stay_gap_minutes') as is_one_stay,
from placed
-- Only with hours can one know: a date alone would make every transfer look like an overlap.
where placed.start_time_known
    and placed.earlier_end_known
    and placed.start_s - placed.earlier_end_s <= 3600 * (
        select max(number) from check_parameter where parameter = 'gap_hours'
    )
