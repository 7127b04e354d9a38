-- what: what differs between the weights of the warehouse and those of another rule set
-- grain: one row per DRG of either set that differs
-- key: sector, drg
-- as: view
-- source: docs/simulation.md
select
    coalesce(before.sector, after.sector) as sector,
    coalesce(before.drg, after.drg) as drg,
    before.drg is null or after.drg is null or before.hdg is distinct from after.hdg as is_other_group,
    before.cost_weight is distinct from after.cost_weight as has_other_cost_weight,
    before.base_points is distinct from after.base_points as has_other_base_points,
    before.trim_point is distinct from after.trim_point as has_other_trim_point,
    coalesce(least(before.trim_point, after.trim_point), 0) as lower_trim_point,
    coalesce(greatest(before.trim_point, after.trim_point), 0) as upper_trim_point,
from ref.drg as before
full outer join other.drg as after on after.sector = before.sector and after.drg = before.drg
where before.drg is null
    or after.drg is null
    or before.hdg is distinct from after.hdg
    or before.cost_weight <> after.cost_weight
    or before.base_points <> after.base_points
    or before.trim_point is distinct from after.trim_point
