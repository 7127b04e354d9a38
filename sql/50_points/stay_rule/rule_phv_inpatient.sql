-- what: PHV/TSB inpatient stays end at 0
-- grain: one row per PHV/TSB stay with a department stay
-- key: stay_nr
-- as: view
-- source: docs/regelverk.md 2.2 point 1; regulation §3.2.3 c
-- requires: phv_inpatient
select
    stay_nr,
    'phv_inpatient' as rule,
    'block_grant' as kind,
    -base_points as points,
from stay
where is_phv_inpatient
