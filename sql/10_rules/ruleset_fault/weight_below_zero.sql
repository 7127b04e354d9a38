-- what: weights, points of groups and days, and trim points below 0: only rules deduct
-- grain: one row per fault; no rows when all is well
-- key: place, fault
-- source: docs/rule-sets.md; regulation §3.11
with
weight as (
    select place, 'cost_weight' as name, cast(cost_weight as varchar) as value from ref.drg where cost_weight < 0
    union all
    select place, 'base_points', cast(base_points as varchar) from ref.drg where base_points < 0
    union all
    select place, 'trim_point', cast(trim_point as varchar) from ref.drg where trim_point < 0
    union all
    select place, 'base_points', cast(base_points as varchar) from ref.stg where base_points < 0
    union all
    select place, 'base_points', cast(base_points as varchar) from ref.tfg where base_points < 0
    union all
    select place, 'weight', cast(weight as varchar) from ref.burn_weight where weight < 0
    union all
    select place, 'points_per_day', cast(points_per_day as varchar) from ref.rehab_day where points_per_day < 0
)

select
    place,
    name || ' ' || value || ' is below 0' as fault,
    'Weights are 0 or more; correct it.' as remedy,
from weight
