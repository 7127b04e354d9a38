-- what: the factor that makes the alternative budget neutral, six decimals, half away from zero
-- grain: one row per measure, sector and draw; draw 0 is the activity as it is
-- key: measure, sector, draw
-- source: docs/simulation.md
with
-- Whole numbers: a sector by its points, in thousandths; all sectors together by their kroner.
pooled as (
    select
        summed.measure,
        summed.sector,
        summed.draw,
        summed.before,
        summed.after,
        case calibration.mode
            when 'sector' then cast(1000 * summed.before as hugeint)
            when 'total' then sum(cast(1000 * summed.before as hugeint) * cast(1000000 * price.nok_per_point as hugeint))
                over (partition by summed.measure, summed.draw)
        end as numerator,
        case calibration.mode
            when 'sector' then cast(1000 * summed.after as hugeint)
            when 'total' then sum(cast(1000 * summed.after as hugeint) * cast(1000000 * price.nok_per_point as hugeint))
                over (partition by summed.measure, summed.draw)
        end as denominator,
        calibration.mode,
    from measure_sum as summed
    inner join price on price.sector = summed.sector
    cross join calibration
)

select
    measure,
    sector,
    draw,
    mode,
    cast(before as decimal(18, 3)) as points_before,
    cast(after as decimal(18, 3)) as points_after,
    cast(
        if(
            mode = 'none' or denominator <= 0 or numerator <= 0,
            1,
            cast((2000000 * numerator + denominator) // (2 * denominator) as decimal(18, 6)) * 0.000001
        ) as decimal(9, 6)
    ) as factor,
from pooled
