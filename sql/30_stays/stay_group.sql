-- what: the included episodes grouped into stays
-- grain: one row per included episode
-- key: episode_nr
-- as: view
-- source: rulebook section 2; regulation §7.18, §8.2
select
    episode_nr,
    group_nr,
    'department_stay' as merge_reason,
    false as is_never_main,
from department_chain
union all
select
    episode_nr,
    group_nr,
    'contact_during_hospital_stay' as merge_reason,
    false as is_never_main,
from hospital_contact
union all
select
    episode_nr,
    group_nr,
    part as merge_reason,
    is_never_main,
from outpatient_contact
