-- what: supplement for secondary rehabilitation, per day over the trim point
-- grain: one row per stay with the rule
-- key: stay_nr
-- source: docs/regelverk.md 3, 7.2.2; regulation §7.2.2
with
reported as (
    select
        stay_nr,
        sum(reported_rows) as reported_rows,
    from stay_code
    where code_kind = 'condition' and code in (from ref.codes('7.2.2', 'secondary_condition'))
    group by stay_nr
)

select
    stay.stay_nr,
    '7.2.2' as rule,
    'adjustment' as kind,
    ref.points('7.2.2') * (stay.effective_length - stay.trim_point) as points,
from supplement_stay as stay
inner join reported on reported.stay_nr = stay.stay_nr
where stay.sector = 'SOM'
    and stay.is_overnight
    and stay.trim_point > ref.number('7.2.2', 'trim_above')
    and stay.effective_length > stay.trim_point
    -- The main condition's own row does not count, any other row with the code does.
    and reported.reported_rows > if(stay.main_condition in (from ref.codes('7.2.2', 'secondary_condition')), 1, 0)
    and stay.drg not in (from ref.codes('7.2.2', 'excluded_drg'))
