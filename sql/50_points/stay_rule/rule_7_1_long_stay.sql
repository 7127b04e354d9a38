-- what: compensation for particularly long stays
-- grain: one row per stay with the rule
-- key: stay_nr
-- source: docs/regelverk.md 3, 7.1; regulation §7.1
select
    stay.stay_nr,
    '7.1' as rule,
    'adjustment' as kind,
    -- Days counted from trim point + 10 (assumption), at most 100.
    ref.points('7.1') * least(
        stay.effective_length - (stay.trim_point + ref.number('7.1', 'days_after_trim')), ref.number('7.1', 'max_days')
    ) as points,
from supplement_stay as stay
where stay.sector = 'SOM'
    and stay.trim_point > ref.number('7.1', 'trim_above')
    and stay.effective_length > stay.trim_point + ref.number('7.1', 'days_after_trim')
    and stay.drg not in (from ref.codes('7.1', 'excluded_drg'))
    and stay.stay_nr not in (select stay_nr from rule_7_2_2_secondary_rehabilitation)
