-- what: somatic department stays that begin while the patient is inpatient at another trust
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §3.8, §7.18
select
    episode_nr,
    earlier_nr as partner_nr,
    gap_s // 60 || ' min' as value,
from department_neighbour
where not same_trust and is_overlap
