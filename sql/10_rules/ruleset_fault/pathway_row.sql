-- what: rows of pathways that could not be formed as they stand
-- grain: one row per fault; no rows when all is well
-- key: place, fault
-- source: regulation §3.11, §7.18 (TFG)
select
    place,
    'a trigger must be a drg in a per_trigger pathway' as fault,
    'Correct the row.' as remedy,
from ref.tfg_component
where role = 'trigger' and (period <> 'per_trigger' or member_type <> 'drg')
union all
select
    place,
    'a per_trigger pathway has only DRGs as members' as fault,
    'Correct the row.' as remedy,
from ref.tfg_component
where period = 'per_trigger' and member_type = 'stg'
union all
select
    component.place,
    'STG ''' || component.code || ''' counts per ' || coalesce(stg_period.period, 'None') || ', the pathway '
        || component.tfg || ' per month' as fault,
    'Give the STG a monthly period in stg_period.csv.' as remedy,
from ref.tfg_component as component
left join stg_period on stg_period.stg = component.code
where component.period = 'month' and component.member_type = 'stg' and stg_period.period is distinct from 'month'
