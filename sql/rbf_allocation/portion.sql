-- what: each region's part of an indicator's amount, in whole øre
-- grain: one row per run, indicator, region and part: `basis` by basis grant, `earned` by basis grant and results
-- key: run, indicator, part, rhf_orgnr
-- source: assumption `allocation` of the year's scheme
with
earned_weight as (
    select
        *,
        cast(basis_nok as hugeint) * least(achievement_e9, target_e9) as weight,
    from result
),

weighed as (
    select
        earned.run,
        earned.indicator,
        part.part,
        earned.rhf_orgnr,
        if(part.part = 'basis', pot.completeness_ore, pot.ore - pot.completeness_ore) as ore,
        -- What nobody earns goes by basis grant.
        case
            when part.part = 'basis' then cast(earned.basis_nok as hugeint)
            when sum(earned.weight) over (partition by earned.run, earned.indicator, part.part) = 0
                then cast(earned.basis_nok as hugeint)
            else earned.weight
        end as weight,
    from earned_weight as earned
    inner join pot on pot.indicator = earned.indicator
    cross join (values ('basis'), ('earned')) as part(part)
),

floored as (
    select
        *,
        ore * weight // sum(weight) over of_part as floor_ore,
        ore * weight % sum(weight) over of_part as remainder,
    from weighed
    window of_part as (partition by run, indicator, part)
)

select
    run,
    indicator,
    part,
    rhf_orgnr,
    -- The øre that are left go to the largest remainders (ties: the lowest number), so that the parts sum to the amount.
    cast(
        floor_ore + if(
            row_number() over (partition by run, indicator, part order by remainder desc, rhf_orgnr)
            <= ore - sum(floor_ore) over (partition by run, indicator, part),
            1,
            0
        ) as hugeint
    ) as ore,
from floored
