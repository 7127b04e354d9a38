-- what: the same activity with the points of the other rule set
-- grain: one row per trust, region of residence, group, state and rule
-- key: sector, unit_type, hf_orgnr, residence_rhf_orgnr, group_code, zeroing_rule, is_member, rule
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
)

select
    cell.sector,
    cell.unit_type,
    cell.hf_orgnr,
    cell.residence_rhf_orgnr,
    cell.group_code,
    cell.zeroing_rule,
    cell.is_member,
    cell.rule,
    cell.units,
    cast(
        case
            when cell.rule = 'drg_base' then cell.units * drg.base_points
            when cell.rule = 'stg_base' then cell.units * stg.base_points
            when cell.rule = 'tfg_base' then cell.units * tfg.base_points
            when multiplier.points_before = multiplier.points_after or multiplier.rule is null then cell.points
            else
                cast(1000 * cell.points as bigint) // cast(1000 * multiplier.points_before as bigint)
                * multiplier.points_after
        end as decimal(18, 3)
    ) as points,
from unit_cell_rest as cell
left join other.drg as drg
    on cell.rule = 'drg_base' and drg.sector = cell.sector and drg.drg = cell.group_code
left join other.stg as stg
    on cell.rule = 'stg_base' and stg.sector = cell.sector and stg.stg = cell.group_code
left join other.tfg as tfg
    on cell.rule = 'tfg_base' and tfg.sector = cell.sector and tfg.tfg = cell.group_code
left join multiplier on multiplier.rule = cell.rule
-- A rule that the other set lacks pays nothing.
where multiplier.rule is null or multiplier.points_after is not null
