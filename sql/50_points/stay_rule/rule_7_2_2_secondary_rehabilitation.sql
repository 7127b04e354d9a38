-- what: supplement for secondary rehabilitation, per day over the trim point
-- grain: one row per stay with the rule
-- key: stay_nr
-- source: rulebook section 3, 7.2.2; regulation §7.2.2
with
parameter as (
    select
        max(points) filter (where parameter = 'points') as points,
        max(number) filter (where parameter = 'trim_above') as trim_above,
    from ref.parameter
    where rule = '7.2.2'
),

secondary as (
    select value as code from ref.parameter where rule = '7.2.2' and parameter = 'secondary_condition'
),

reported as (
    select
        stay_nr,
        sum(reported_rows) as reported_rows,
    from stay_code
    where code_kind = 'condition' and code in (select code from secondary)
    group by stay_nr
)

select
    stay.stay_nr,
    '7.2.2' as rule,
    'adjustment' as kind,
    parameter.points * (stay.effective_length - stay.trim_point) as points,
from supplement_stay as stay
inner join reported on reported.stay_nr = stay.stay_nr
cross join parameter
where stay.sector = 'SOM'
    and stay.is_overnight
    and stay.trim_point > parameter.trim_above
    and stay.effective_length > stay.trim_point
    -- The main condition's own row does not count, any other row with the code does.
    and reported.reported_rows > if(stay.main_condition in (select code from secondary), 1, 0)
    and stay.drg not in (select value from ref.parameter where rule = '7.2.2' and parameter = 'excluded_drg')
