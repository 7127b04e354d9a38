-- what: patients with several services of a group of which only the heaviest counts, where their order differs
-- grain: one row per patient and service
-- key: patient_id
-- source: docs/regelverk.md 4; regulation §7.7
with
before as (
    select
        member.exclusive_group,
        list((member.stg, stg.sector) order by stg.base_points desc, member.stg) as ranked,
    from ref.stg_exclusive_group as member
    inner join ref.stg as stg on stg.stg = member.stg
    group by member.exclusive_group
),

after as (
    select
        member.exclusive_group,
        list((member.stg, stg.sector) order by stg.base_points desc, member.stg) as ranked,
    from other.stg_exclusive_group as member
    inner join other.stg as stg on stg.stg = member.stg
    group by member.exclusive_group
),

changed as (
    select
        coalesce(before.exclusive_group, after.exclusive_group) as exclusive_group,
    from before
    full outer join after on after.exclusive_group = before.exclusive_group
    where before.ranked is distinct from after.ranked
),

member as (
    select stg from ref.stg_exclusive_group where exclusive_group in (select exclusive_group from changed)
    union
    select stg from other.stg_exclusive_group where exclusive_group in (select exclusive_group from changed)
)

select
    'exclusive_service' as cause,
    patient_id,
from service
where stg in (select stg from member)
group by patient_id
having count(*) > 1
