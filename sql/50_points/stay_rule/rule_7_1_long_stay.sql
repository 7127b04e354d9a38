-- what: compensation for particularly long stays
-- grain: one row per stay with the rule
-- key: stay_nr
-- source: rulebook section 3, 7.1; regulation §7.1
with
parameter as (
    select
        max(points) filter (where parameter = 'points') as points,
        max(number) filter (where parameter = 'trim_above') as trim_above,
        max(number) filter (where parameter = 'days_after_trim') as days_after_trim,
        max(number) filter (where parameter = 'max_days') as max_days,
    from ref.parameter
    where rule = '7.1'
)

select
    stay.stay_nr,
    '7.1' as rule,
    'adjustment' as kind,
    -- Days counted from trim point + 10 (assumption), at most 100.
    parameter.points
        * least(stay.effective_length - (stay.trim_point + parameter.days_after_trim), parameter.max_days) as points,
from supplement_stay as stay
cross join parameter
where stay.sector = 'SOM'
    and stay.trim_point > parameter.trim_above
    and stay.effective_length > stay.trim_point + parameter.days_after_trim
    and stay.drg not in (select value from ref.parameter where rule = '7.1' and parameter = 'excluded_drg')
    and stay.stay_nr not in (select stay_nr from rule_7_2_2_secondary_rehabilitation)
