-- what: the weight of each group by its costs; small groups share the change of their pool
-- grain: one row per sector, kind of unit and group of the rule set
-- key: sector, unit_type, group_code
-- source: docs/simulation.md, weights from costs
with
-- What a point costs: the kroner of all weighed groups over their points so far.
reference as (
    select
        sector,
        sum(trimmed) as cost,
        cast(sum(units * cast(1000 * given_weight as hugeint)) as hugeint) as thousandths,
    from group_cost
    where is_weighed
    group by sector
),

-- Small groups of one kind and main diagnostic group; where they are few together too, those of the whole kind.
small as (
    select
        *,
        sum(units) over (partition by sector, unit_type, hdg) >= ref.number('cost_weights', 'fewest_units') as has_own_pool,
    from group_cost
    where is_weighed and is_small
),

pool as (
    select
        sector,
        unit_type,
        group_code,
        if(has_own_pool, coalesce('HDG ' || hdg, 'uten HDG'), 'alle') as pool,
        sum(trimmed) over pooled as cost,
        sum(units * cast(1000 * given_weight as hugeint)) over pooled as thousandths,
    from small
    window pooled as (partition by sector, unit_type, has_own_pool, if(has_own_pool, hdg, null))
),

-- As a fraction, so that the weight is rounded once: mean over what a point costs, or the old weight times the pool's change.
computed as (
    select
        group_cost.*,
        pool.pool,
        case
            when not group_cost.is_weighed then 'given'
            when pool.pool is not null then 'pooled'
            else 'own'
        end as method,
        case
            when pool.pool is not null
                then cast(1000 * group_cost.given_weight as hugeint) * greatest(pool.cost, 0) * reference.thousandths
            else greatest(group_cost.trimmed, 0) * reference.thousandths
        end as numerator,
        case
            when pool.pool is not null then cast(pool.thousandths as hugeint) * reference.cost
            else cast(group_cost.units as hugeint) * reference.cost
        end as denominator,
        reference.cost as reference_cost,
        reference.thousandths as reference_thousandths,
    from group_cost
    left join pool
        on pool.sector = group_cost.sector
        and pool.unit_type = group_cost.unit_type
        and pool.group_code = group_cost.group_code
    left join reference on reference.sector = group_cost.sector
)

select
    sector,
    unit_type,
    group_code,
    hdg,
    name,
    units,
    units_trimmed,
    net,
    trimmed,
    net_squares,
    trimmed_squares,
    method,
    pool,
    given_weight,
    reference_cost,
    reference_thousandths,
    if(
        method = 'given',
        given_weight,
        cast(cast((2 * numerator + denominator) // (2 * denominator) as decimal(18, 0)) * 0.001 as decimal(18, 3))
    ) as weight,
from computed
