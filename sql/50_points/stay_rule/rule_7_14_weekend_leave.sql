-- what: deduction for weekend leave reported as two stays: the base points of the lighter stay
-- grain: one row per stay with the rule
-- key: stay_nr
-- source: docs/regelverk.md 3, weekend leave; regulation §7.14
with
following as (
    -- Overnight stays of the same patient and institution in order of time: no other overnight stay lies between.
    select
        stay_nr,
        base_points,
        end_date,
        lead(stay_nr) over following_stay as next_stay_nr,
        lead(base_points) over following_stay as next_base_points,
        lead(start_date) over following_stay as next_start_date,
        lead(first_urgency) over following_stay as next_urgency,
    from stay
    where sector = 'SOM' and is_overnight
    window following_stay as (partition by patient_id, institution_id order by start_s, stay_id)
),

lighter as (
    -- A stay is deducted once, also where it is the lighter of two pairs; of equal weights the later.
    select distinct
        if(following.base_points < following.next_base_points, following.stay_nr, following.next_stay_nr) as stay_nr,
    from following
    -- Weekdays from 1, counted from a Monday.
    where date_diff('day', date '1900-01-01', following.end_date) % 7 + 1 in (from ref.numbers('7.14', 'first_end_weekday'))
        and date_diff('day', date '1900-01-01', following.next_start_date) % 7 + 1 in (from ref.numbers('7.14', 'second_start_weekday'))
        and date_diff('day', following.end_date, following.next_start_date)
            between ref.number('7.14', 'min_days') and ref.number('7.14', 'max_days')
        and following.next_urgency = ref.number('7.14', 'planned_urgency')
)

select
    stay.stay_nr,
    '7.14' as rule,
    'adjustment' as kind,
    -stay.base_points as points,
from supplement_stay as stay
where stay.stay_nr in (select stay_nr from lighter) and stay.base_points <> 0
