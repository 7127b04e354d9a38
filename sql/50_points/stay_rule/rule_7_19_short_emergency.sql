-- what: deduction for emergency contacts without overnight stay that last under five hours
-- grain: one row per stay with the rule
-- key: stay_nr
-- source: docs/regelverk.md 3, 7.19; regulation §7.19
select
    stay.stay_nr,
    '7.19' as rule,
    'adjustment' as kind,
    ref.points('7.19') as points,
from supplement_stay as stay
where stay.sector = 'SOM'
    and stay.drg in (from ref.codes('7.19', 'drg'))
    -- An unknown duration is NULL and gets no deduction.
    and stay.duration_s < 60 * ref.number('7.19', 'below_minutes')
