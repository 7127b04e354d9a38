-- what: the intervals of the chained department stays, which contacts may join
-- grain: one row per hospital stay
-- key: group_nr
-- source: docs/regelverk.md 2.1 point 1 and 2.2; regulation §7.18, §8.2
select
    group_nr,
    any_value(sector) as sector,
    any_value(patient_id) as patient_id,
    any_value(institution_id) as institution_id,
    min(start_s) as start_s,
    max(end_s) as end_s,
    min(start_date) as start_date,
    max(end_date) as end_date,
from department_chain
group by group_nr
