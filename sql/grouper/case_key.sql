-- what: what decides each case's group: the class of its main diagnosis, its scalars and its set of classes
-- grain: one row per case
-- key: case_nr
-- source: docs/grouper.md, How a rule is matched: features
-- column situation: class of age, class of duration, discharge mode and sex in one number
-- column set_nr: one or two classes in one number, the number of a larger set (below 0), or 0 for none
with
age_class as (
    select
        met.age_days,
        limit_class.class_nr,
    from (select distinct age_days from drg_case) as met
    inner join limit_class
        on limit_class.kind = 'age'
        and met.age_days >= limit_class.lowest
        and met.age_days < limit_class.next_lowest
),

duration_class as (
    select
        met.duration,
        limit_class.class_nr,
    from (select distinct duration from drg_case) as met
    inner join limit_class
        on limit_class.kind = 'duration'
        and met.duration >= limit_class.lowest
        and met.duration < limit_class.next_lowest
),

sex as (
    select value, state from state_number where kind = 'sex'
),

mode as (
    select value, state from state_number where kind = 'discharge'
)

select
    drg_case.case_nr,
    coalesce(case_main.main_nr, 0) as main_nr,
    (age_class.class_nr << 16) | (duration_class.class_nr << 4) | (coalesce(mode.state, 0) << 2)
    | coalesce(sex.state, 0) as situation,
    coalesce(case_set.few, larger_set.set_nr, 0) as set_nr,
from drg_case
inner join age_class on age_class.age_days = drg_case.age_days
inner join duration_class on duration_class.duration = drg_case.duration
left join mode on mode.value = drg_case.discharge
left join sex on sex.value = drg_case.sex
left join case_main on case_main.case_nr = drg_case.case_nr
left join case_set on case_set.case_nr = drg_case.case_nr
left join larger_set on larger_set.many = case_set.many
