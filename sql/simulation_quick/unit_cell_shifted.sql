-- what: the same activity with the points of the other rule set
-- grain: one row per trust, region of residence, group, state and rule
-- key: sector, unit_type, hf_orgnr, residence_rhf_orgnr, residence_county, group_code, zeroing_rule, member_rule, rule
-- as: view
-- source: docs/simulation.md
with
-- A rule with a parameter `points` pays it a whole number of times: once, or once per day.
multiplier as (
    select
        before.rule,
        before.points as points_before,
        after.points as points_after,
    from ref.parameter as before
    left join other.parameter as after on after.rule = before.rule and after.parameter = before.parameter
    where before.parameter = 'points'
),

base_point as (
    select 'stay' as unit_type, sector, drg as group_code, base_points from other.drg
    union all
    select 'service' as unit_type, sector, stg as group_code, base_points from other.stg
    union all
    select 'pathway' as unit_type, sector, tfg as group_code, base_points from other.tfg
)

select cell.* replace (
    cast(
        case
            when cell.kind = 'base' then cell.units * base_point.base_points
            when multiplier.points_before = multiplier.points_after or multiplier.rule is null then cell.points
            else
                cast(1000 * cell.points as bigint) // cast(1000 * multiplier.points_before as bigint)
                * multiplier.points_after
        end as decimal(18, 3)
    ) as points
)
from unit_cell_rest as cell
left join base_point
    on base_point.unit_type = cell.unit_type
    and base_point.sector = cell.sector
    and base_point.group_code = cell.group_code
left join multiplier on multiplier.rule = cell.rule
-- A rule that the other set lacks pays nothing.
where multiplier.rule is null or multiplier.points_after is not null
