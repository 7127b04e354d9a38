-- what: patients with units of pathways that are made of other units, or formed in only one of the sets
-- grain: one row per patient and unit
-- key: patient_id
-- source: docs/regelverk.md 5; regulation §3.11, §7.18 (TFG)
with
formed_before as (
    select component.* exclude (note, place), tfg.sector
    from ref.tfg_component as component
    inner join ref.tfg as tfg on tfg.tfg = component.tfg and tfg.base_points > 0
),

formed_after as (
    select component.* exclude (note, place), tfg.sector
    from other.tfg_component as component
    inner join other.tfg as tfg on tfg.tfg = component.tfg and tfg.base_points > 0
),

-- Of an exclusive group only the heaviest pathway is formed, so its order counts too.
ranked_before as (
    select
        member.exclusive_group,
        list(member.tfg order by tfg.base_points desc, member.tfg) as ranked,
    from ref.tfg_exclusive_group as member
    inner join ref.tfg as tfg on tfg.tfg = member.tfg and tfg.base_points > 0
    group by member.exclusive_group
),

ranked_after as (
    select
        member.exclusive_group,
        list(member.tfg order by tfg.base_points desc, member.tfg) as ranked,
    from other.tfg_exclusive_group as member
    inner join other.tfg as tfg on tfg.tfg = member.tfg and tfg.base_points > 0
    group by member.exclusive_group
),

reranked as (
    select unnest(list_concat(coalesce(before.ranked, []), coalesce(after.ranked, []))) as tfg
    from ranked_before as before
    full outer join ranked_after as after on after.exclusive_group = before.exclusive_group
    where before.ranked is distinct from after.ranked
),

changed as (
    select tfg from (from formed_before except from formed_after)
    union
    select tfg from (from formed_after except from formed_before)
    union
    select tfg from reranked
),

component as (
    select sector, member_type, code from formed_before where tfg in (select tfg from changed)
    union
    select sector, member_type, code from formed_after where tfg in (select tfg from changed)
)

select
    'pathway' as cause,
    patient_id,
from stay
where (sector, drg) in (select (sector, code) from component where member_type = 'drg')
union all
select
    'pathway' as cause,
    patient_id,
from service
where (sector, stg) in (select (sector, code) from component where member_type = 'stg')
