-- what: somatic department stays that begin while another of the same patient goes on in the same department
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §3.5, §7.18
select
    episode_nr,
    earlier_nr as partner_nr,
    gap_s // 60 || ' min' as value,
from department_neighbour
where same_unit and is_overlap
