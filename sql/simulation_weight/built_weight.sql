-- what: base points made from cost weights and volumes
-- grain: one row per DRG of the rule set
-- key: sector, drg
-- source: rulebook section 7; regulation §7.16; docs/simulation.md
with
-- Thousandths of a point as whole numbers, so that every mean is rounded once, half away from zero.
weight as (
    select
        drg.sector,
        drg.drg,
        drg.base_points as given_points,
        coalesce(cost.cost_weight, drg.cost_weight) as cost_weight,
        cast(1000 * coalesce(cost.cost_weight, drg.cost_weight) as hugeint) as cost,
        coalesce(volume.stays, 0) as stays,
        coalesce(volume.short_stays, 0) as short_stays,
    from ref.drg as drg
    left join new_cost_weight as cost on cost.sector = drg.sector and cost.drg = drg.drg
    left join drg_volume as volume on volume.sector = drg.sector and volume.drg = drg.drg
),

family_member as (
    select
        family.family,
        family.role,
        family.anchor,
        weight.*,
    from ref.day_surgery_family as family
    inner join weight on weight.drg = family.drg and weight.sector = 'SOM'
),

family as (
    select
        family,
        max(cost) filter (where anchor and role = 'inpatient') as inpatient_cost,
        max(cost) filter (where anchor and role = 'day') as day_cost,
        cast(sum(stays) filter (where role = 'inpatient') as hugeint) as inpatient_stays,
        cast(sum(stays) filter (where role = 'day') as hugeint) as day_stays,
    from family_member
    group by family
),

-- §7.16: both anchors get the volume-weighted mean of their costs; the others keep their distance to their anchor.
priced_family as (
    select
        *,
        (2 * (inpatient_stays * inpatient_cost + day_stays * day_cost) + inpatient_stays + day_stays)
            // (2 * (inpatient_stays + day_stays)) as price,
    from family
    where inpatient_stays + day_stays > 0
),

in_family as (
    select
        member.sector,
        member.drg,
        'family' as method,
        member.family as class,
        member.cost + priced.price - if(member.role = 'day', priced.day_cost, priced.inpatient_cost) as points,
    from family_member as member
    inner join priced_family as priced on priced.family = member.family
),

class_mean as (
    select
        method.class,
        (2 * sum(cast(weight.stays as hugeint) * weight.cost) + sum(weight.stays)) // (2 * sum(weight.stays)) as points,
    from ref.weight_method as method
    inner join weight on weight.sector = method.sector and weight.drg = method.drg
    where method.method = 'mean'
    group by method.class
    having sum(weight.stays) > 0
),

rule_points as (
    select
        rule,
        cast(1000 * max(points) as hugeint) as points,
    from ref.parameter
    where parameter = 'points'
    group by rule
),

by_method as (
    select
        weight.sector,
        weight.drg,
        method.method,
        method.class,
        case method.method
            when 'mean' then class_mean.points
            -- What the deduction takes from short stays is given back to all.
            when 'short_stay' then
                if(
                    weight.stays > 0,
                    (2 * (weight.cost * weight.stays - coalesce(rule_points.points, 0) * weight.short_stays) + weight.stays)
                        // (2 * weight.stays),
                    null
                )
            -- The supplement pays what the group costs.
            when 'supplement' then weight.cost - coalesce(rule_points.points, 0)
        end as points,
    from ref.weight_method as method
    inner join weight on weight.sector = method.sector and weight.drg = method.drg
    left join class_mean on class_mean.class = method.class
    left join rule_points on rule_points.rule = method.rule
),

chosen as (
    select
        weight.*,
        coalesce(in_family.method, by_method.method, 'cost_weight') as method,
        coalesce(in_family.class, by_method.class) as class,
        coalesce(
            in_family.points,
            by_method.points,
            -- A group with a method but without volumes keeps the points that the set gives it.
            if(
                by_method.method is not null or weight.drg in (select drg from family_member),
                cast(1000 * weight.given_points as hugeint),
                weight.cost
            )
        ) as points,
    from weight
    left join in_family on in_family.sector = weight.sector and in_family.drg = weight.drg
    left join by_method on by_method.sector = weight.sector and by_method.drg = weight.drg
),

-- Calibration to a given total of points per sector: six decimals.
factor as (
    select
        chosen.sector,
        any_value(target.points) as target_points,
        if(
            any_value(target.points) is null or sum(chosen.points * chosen.stays) <= 0,
            1000000,
            (2000000 * cast(1000 * any_value(target.points) as hugeint) + sum(chosen.points * chosen.stays))
                // (2 * sum(chosen.points * chosen.stays))
        ) as millionths,
    from chosen
    left join target_points as target on target.sector = chosen.sector
    group by chosen.sector
)

select
    chosen.sector,
    chosen.drg,
    chosen.method,
    chosen.class,
    cast(chosen.stays as bigint) as stays,
    chosen.cost_weight,
    chosen.given_points,
    cast(cast(chosen.points as decimal(18, 0)) * 0.001 as decimal(18, 3)) as uncalibrated_points,
    cast(cast(factor.millionths as decimal(18, 0)) * 0.000001 as decimal(12, 6)) as factor,
    cast(
        cast((2 * chosen.points * factor.millionths + 1000000) // 2000000 as decimal(18, 0)) * 0.001 as decimal(18, 3)
    ) as base_points,
from chosen
inner join factor on factor.sector = chosen.sector
