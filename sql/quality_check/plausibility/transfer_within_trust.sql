-- what: somatic department stays that begin while, or within a day after, the patient was at another institution of the trust
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §3.5, §3.8, §7.18
select
    episode_nr,
    earlier_nr as partner_nr,
    gap_s // 60 || ' min' as value,
from department_neighbour
where same_trust
    and not same_institution
    and gap_s <= 3600 * (
        select number from check_parameter where check_id = 'transfer_within_trust' and parameter = 'within_hours'
    )
