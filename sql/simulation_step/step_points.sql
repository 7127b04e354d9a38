-- what: the points of the activity under one rule set, before calibration
-- grain: one row per measure, trust and region of residence
-- key: measure, sector, hf_orgnr, residence_rhf_orgnr
-- source: docs/simulation.md
select
    'base' as measure,
    unit.sector,
    unit.hf_orgnr,
    unit.residence_rhf_orgnr,
    cast(sum(unit.units * coalesce(step_group.base_points, own.base_points)) as decimal(18, 3)) as points,
from settled_unit_cell as unit
left join step_group
    on step_group.sector = unit.sector
    and step_group.unit_type = unit.unit_type
    and step_group.group_code = unit.group_code
left join settled_group as own
    on own.sector = unit.sector and own.unit_type = unit.unit_type and own.group_code = unit.group_code
where unit.kind = 'base' and unit.unit_type in ('stay', 'service')
group by all
union all
select
    'full' as measure,
    sector,
    hf_orgnr,
    residence_rhf_orgnr,
    cast(sum(points) as decimal(18, 3)) as points,
from step_cell
group by all
