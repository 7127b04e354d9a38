-- what: stays and services whose points several pathways would take
-- grain: one row per fault; no rows when all is well
-- key: place, fault
-- source: regulation §3.11 f
with
grouped as (
    select
        tfg,
        string_agg(exclusive_group, ' ' order by exclusive_group) as exclusive_groups,
    from ref.tfg_exclusive_group
    group by tfg
),

member as (
    select
        component.member_type,
        component.code,
        component.tfg,
        component.place,
        -- Pathways of one exclusive group take turns; the others are told apart by how they count.
        coalesce('exclusive ' || grouped.exclusive_groups, component.period) as kind,
    from ref.tfg_component as component
    inner join (select distinct tfg from ref.tfg where base_points > 0) as paid on paid.tfg = component.tfg
    left join grouped on grouped.tfg = component.tfg
)

select
    arg_max(place, place) as place,
    member_type || ' ''' || code || ''' is in the pathways ' || string_agg(distinct tfg, ', ' order by tfg)
        || ', which would each take its points' as fault,
    'Keep it in one, or make them exclusive.' as remedy,
from member
group by member_type, code
having count(distinct kind) > 1 or (count(distinct tfg) > 1 and bool_or(kind in ('year', 'month')))
