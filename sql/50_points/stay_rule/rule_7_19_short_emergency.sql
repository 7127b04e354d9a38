-- what: deduction for emergency contacts without overnight stay that last under five hours
-- grain: one row per stay with the rule
-- key: stay_nr
-- source: rulebook section 3, 7.19; regulation §7.19
with
parameter as (
    select
        max(points) filter (where parameter = 'points') as points,
        max(number) filter (where parameter = 'below_minutes') as below_minutes,
    from ref.parameter
    where rule = '7.19'
)

select
    stay.stay_nr,
    '7.19' as rule,
    'adjustment' as kind,
    parameter.points,
from supplement_stay as stay
cross join parameter
where stay.sector = 'SOM'
    and stay.drg in (select value from ref.parameter where rule = '7.19' and parameter = 'drg')
    -- An unknown duration is NULL and gets no deduction.
    and stay.duration_s < 60 * parameter.below_minutes
