-- what: pairs of overnight stays of which the lighter is deducted
-- grain: one row per pair
-- key: stay_nr
-- source: docs/regelverk.md 3, weekend leave; regulation §7.14
with
following as (
    select
        stay_nr,
        patient_id,
        sector,
        drg,
        lead(drg) over following_stay as next_drg,
        lead(start_date) over following_stay - end_date as days_between,
    from stay
    where sector = 'SOM' and is_overnight
    window following_stay as (partition by patient_id, institution_id order by start_s, stay_id)
)

select
    following.stay_nr,
    following.patient_id,
    following.sector,
    following.drg,
    following.next_drg,
from following
-- Weekdays and urgency are left to the rule itself: a pair too many costs time, not exactness.
where following.days_between between ref.number('7.14', 'min_days') and ref.number('7.14', 'max_days')
