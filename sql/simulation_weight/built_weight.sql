-- what: base points made from cost weights and volumes
-- grain: one row per DRG of the rule set
-- key: sector, drg
-- source: docs/regelverk.md 7; regulation §7.16; docs/simulation.md
with
-- Thousandths of a point as whole numbers, so that every mean is rounded once, half away from zero.
weight as (
    select
        drg.sector,
        drg.drg,
        drg.base_points as given_points,
        drg.cost_weight as set_cost_weight,
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

-- Without limits every DRG is built anew; with them only those of a named method, or of a named class of it.
formula as (
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
        ) as formula_points,
    from weight
    left join in_family on in_family.sector = weight.sector and in_family.drg = weight.drg
    left join by_method on by_method.sector = weight.sector and by_method.drg = weight.drg
),

chosen as (
    select
        formula.* exclude (formula_points, cost_weight),
        is_built,
        if(is_built, cost_weight, set_cost_weight) as cost_weight,
        if(is_built, formula_points, cast(1000 * given_points as hugeint)) as points,
    from (
        select
            *,
            not exists (select 1 from only_method)
            or exists (
                select 1
                from only_method
                where only_method.method = formula.method
                    and (only_method.class is null or only_method.class = formula.class)
            ) as is_built,
        from formula
    ) as formula
),

-- What the services of the sector bring stands as it is; the DRGs share the rest of the total that was asked for.
asked as (
    select
        target.sector,
        cast(1000 * target.points as hugeint) - coalesce(sum(cast(1000 * stg.base_points as hugeint) * volume.services), 0)
            as points,
    from target_points as target
    left join service_volume as volume on volume.sector = target.sector
    left join ref.stg as stg on stg.sector = volume.sector and stg.stg = volume.stg
    group by target.sector, target.points
),

-- Calibration to a given total of points per sector: six decimals.
factor as (
    select
        chosen.sector,
        any_value(asked.points) as asked_points,
        if(
            any_value(asked.points) is null or sum(chosen.points * chosen.stays) <= 0,
            1000000,
            (2000000 * any_value(asked.points) + sum(chosen.points * chosen.stays))
                // (2 * sum(chosen.points * chosen.stays))
        ) as millionths,
    from chosen
    left join asked on asked.sector = chosen.sector
    group by chosen.sector
),

calibrated as (
    select
        chosen.*,
        factor.millionths,
        factor.asked_points,
        (2 * chosen.points * factor.millionths + 1000000) // 2000000 as rounded_points,
    from chosen
    inner join factor on factor.sector = chosen.sector
),

-- Points of three decimals miss the total by what their rounding leaves.
missing as (
    select
        sector,
        coalesce(any_value(asked_points) - sum(rounded_points * stays), 0) as points,
    from calibrated
    where asked_points is not null
    group by sector
),

-- It is made up by thousandths: a DRG without formula whose points were rounded away from the total goes to the
-- thousandth on the other side, those with most stays first, as long as its stays are not more than what is missing.
candidate as (
    select
        calibrated.sector,
        any_value(missing.points) as missing_points,
        list(
            struct_pack(
                stays := cast(calibrated.stays as hugeint),
                missing := cast(0 as hugeint),
                moved := [calibrated.drg]
            )
            order by calibrated.stays desc, calibrated.drg
        ) as drgs,
    from calibrated
    inner join missing on missing.sector = calibrated.sector
    where calibrated.method = 'cost_weight'
        and calibrated.stays > 0
        and calibrated.points > 0
        and sign(calibrated.points * calibrated.millionths - 1000000 * calibrated.rounded_points) = sign(missing.points)
    group by calibrated.sector
),

moved as (
    select
        sector,
        sign(missing_points) as step,
        unnest(
            list_reduce(
                drgs,
                lambda before, this: if(
                    this.stays <= before.missing,
                    struct_pack(
                        stays := this.stays,
                        missing := before.missing - this.stays,
                        moved := list_concat(before.moved, this.moved)
                    ),
                    before
                ),
                struct_pack(
                    stays := cast(0 as hugeint),
                    missing := abs(missing_points),
                    moved := cast([] as varchar[])
                )
            ).moved
        ) as drg,
    from candidate
)

select
    calibrated.sector,
    calibrated.drg,
    calibrated.method,
    calibrated.class,
    calibrated.is_built,
    cast(calibrated.stays as bigint) as stays,
    calibrated.cost_weight,
    calibrated.given_points,
    cast(cast(calibrated.points as decimal(18, 0)) * 0.001 as decimal(18, 3)) as uncalibrated_points,
    cast(cast(calibrated.millionths as decimal(18, 0)) * 0.000001 as decimal(12, 6)) as factor,
    cast(
        cast(calibrated.rounded_points + coalesce(moved.step, 0) as decimal(18, 0)) * 0.001 as decimal(18, 3)
    ) as base_points,
from calibrated
left join moved on moved.sector = calibrated.sector and moved.drg = calibrated.drg
