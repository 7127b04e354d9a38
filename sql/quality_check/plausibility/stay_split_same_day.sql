-- what: somatic department stays that begin some hours after another ended the same day at the same institution
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §3.5, §3.8, §7.18
select
    episode_nr,
    earlier_nr as partner_nr,
    gap_s // 60 || ' min' as value,
from department_neighbour
where same_institution and not is_one_stay and same_day
