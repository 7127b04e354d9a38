-- what: the stays that may get supplements and deductions
-- grain: one row per stay
-- key: stay_nr
-- as: view
-- source: docs/regelverk.md 1 (§7.20, §8.5) and 2.2 point 1; regulation §3.2.3 c
select *
from stay
where not outside_isf and not is_phv_inpatient
