-- what: informative row for stays whose main condition is outside ISF
-- grain: one row per stay with the rule
-- key: stay_nr
-- source: docs/regelverk.md 1 and 3, 7.20; regulation §7.20, §8.5
select
    stay_nr,
    '7.20' as rule,
    'note' as kind,
    cast(0 as decimal(18, 3)) as points,
from stay
where outside_isf
    and not is_phv_inpatient
    and ref.has_rule('7.20')
