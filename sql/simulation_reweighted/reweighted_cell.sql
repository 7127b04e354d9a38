-- what: the settled cells with the base points of another rule set
-- grain: one row per trust, region of residence, group, state and rule
-- key: sector, unit_type, hf_orgnr, residence_rhf_orgnr, group_code, state, rule
-- source: docs/simulation.md
with
base_point as (
    select sector, 'stay' as unit_type, drg as group_code, base_points from ref.drg
    union all
    select sector, 'service' as unit_type, stg as group_code, base_points from ref.stg
)

select
    cell.* replace (
        if(
            cell.part = 'base',
            cast(cell.units * coalesce(base_point.base_points, settled_group.base_points) as decimal(18, 3)),
            cell.points
        ) as points
    ),
from settled_cell as cell
left join settled_group
    on settled_group.sector = cell.sector
    and settled_group.unit_type = cell.unit_type
    and settled_group.group_code = cell.group_code
left join base_point
    on base_point.sector = cell.sector
    and base_point.unit_type = cell.unit_type
    and base_point.group_code = cell.group_code
