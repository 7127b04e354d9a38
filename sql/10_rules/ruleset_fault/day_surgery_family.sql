-- what: DRGs in two families of day surgery, and families without one anchor of each role
-- grain: one row per fault; no rows when all is well
-- key: place, fault
-- source: regulation §7.16
select
    arg_max(place, place) as place,
    'DRG ''' || drg || ''' is already in family ' || arg_min(family, place) as fault,
    'Keep it in one.' as remedy,
from ref.day_surgery_family
group by drg
having count(distinct family) > 1
union all
select
    'day_surgery_family.csv' as place,
    'family ' || family || ' has the anchors ['
        || coalesce(string_agg('''' || role || '''', ', ' order by role) filter (where anchor), '') || ']' as fault,
    'Mark one inpatient and one day DRG.' as remedy,
from ref.day_surgery_family
group by family
having list(role order by role) filter (where anchor) is distinct from ['day', 'inpatient']
