-- what: the cost of each group: number, sums before and after trimming, its weight so far, and whether it is too small
-- grain: one row per sector, kind of unit and group of the rule set
-- key: sector, unit_type, group_code
-- source: docs/simulation.md, weights from costs
with
known as (
    select sector, 'stay' as unit_type, drg as group_code, hdg, name, cost_weight as given_weight from ref.drg
    union all
    select sector, 'service' as unit_type, stg as group_code, hdg, name, base_points as given_weight from ref.stg
    union all
    select sector, 'pathway' as unit_type, tfg as group_code, hdg, name, base_points as given_weight from ref.tfg
),

summed as (
    select
        sector,
        unit_type,
        group_code,
        count(*) as units,
        count(*) filter (where is_trimmed) as units_trimmed,
        sum(cast(net as hugeint)) as net,
        sum(cast(trimmed as hugeint)) as trimmed,
        -- Whole numbers, so that shares of variance are the same at any number of threads.
        sum(cast(net as hugeint) * net) as net_squares,
        sum(cast(trimmed as hugeint) * trimmed) as trimmed_squares,
    from weighed_unit
    group by sector, unit_type, group_code
)

select
    known.*,
    coalesce(summed.units, 0) as units,
    coalesce(summed.units_trimmed, 0) as units_trimmed,
    coalesce(summed.net, 0) as net,
    coalesce(summed.trimmed, 0) as trimmed,
    coalesce(summed.net_squares, 0) as net_squares,
    coalesce(summed.trimmed_squares, 0) as trimmed_squares,
    -- A group without a weight so far is none to be paid by: it keeps 0.
    known.given_weight > 0 and coalesce(summed.units, 0) > 0 as is_weighed,
    coalesce(summed.units, 0) < ref.number('cost_weights', 'fewest_units') as is_small,
from known
left join summed
    on summed.sector = known.sector and summed.unit_type = known.unit_type and summed.group_code = known.group_code
