-- what: pathways with points that cannot be formed, or have two ways to count
-- grain: one row per fault; no rows when all is well
-- key: place, fault
-- source: regulation §3.11, §7.18 (TFG)
with
component as (
    select
        tfg,
        arg_max(place, place) as place,
        count(distinct period) as periods,
        bool_or(period = 'per_trigger') as is_per_trigger,
        bool_or(role = 'trigger') as has_trigger,
    from ref.tfg_component
    group by tfg
)

select
    place,
    'pathway ''' || tfg || ''' has points but no row in tfg_component.csv' as fault,
    'Add its members, or set base_points to 0.' as remedy,
from ref.tfg
where base_points > 0 and tfg not in (select tfg from component)
union all
select
    place,
    'pathway ''' || tfg || ''' has more than one period' as fault,
    'Use one.' as remedy,
from component
where periods > 1
union all
select
    place,
    'pathway ''' || tfg || ''' has no trigger' as fault,
    'Add a row with role trigger.' as remedy,
from component
where is_per_trigger and not has_trigger
