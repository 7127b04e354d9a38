-- what: somatic department stays that begin while another of the same patient goes on in another department of the institution
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §3.5, §7.18
select
    episode_nr,
    earlier_nr as partner_nr,
    gap_s // 60 || ' min' as value,
from department_neighbour
where same_institution and not same_unit and is_overlap
