-- what: the year per place: delivered, late, to come, and half the width of the interval
-- grain: one row per level (hf, rhf, land), place and sector
-- key: level, orgnr, sector
-- source: docs/prognosis.md (how the interval is made)
-- column half_width: the larger of what the back-test gives and what the place's own months vary
with
place as (
    select 'rhf' as level, rhf_orgnr as orgnr, sector, rhythm, month, part, points from prognosis_cell
    union all
    select 'hf' as level, hf_orgnr as orgnr, sector, rhythm, month, part, points from prognosis_cell where month is not null
    union all
    select 'land' as level, null as orgnr, sector, rhythm, month, part, points from prognosis_cell
),

summed as (
    select
        level,
        orgnr,
        sector,
        cast(coalesce(sum(points) filter (where part = 'levert'), 0) as decimal(18, 3)) as points_delivered,
        cast(coalesce(sum(points) filter (where part = 'etterslep'), 0) as decimal(18, 3)) as points_late,
        cast(coalesce(sum(points) filter (where part = 'rest'), 0) as decimal(18, 3)) as points_to_come,
        cast(sum(points) as decimal(18, 3)) as points_year,
    from place
    group by level, orgnr, sector
),

-- The running points of the delivered months, as they would be if all months were alike.
monthly as (
    select
        place.level,
        place.orgnr,
        place.sector,
        place.month,
        cast(sum(place.points) as double) / cast(nullif(any_value(weight.share_of_delivered), 0) as double) as level_of_month,
    from place
    inner join month_weight as weight
        on weight.sector = place.sector and weight.rhythm = place.rhythm and weight.month = place.month and weight.is_delivered
    where place.rhythm = 'lopende' and place.part <> 'rest'
    group by place.level, place.orgnr, place.sector, place.month
),

varying as (
    -- In the order of the months: the same numbers give the same result.
    select
        level,
        orgnr,
        sector,
        list_aggregate(list(level_of_month order by month), 'stddev_samp')
        / nullif(abs(list_aggregate(list(level_of_month order by month), 'avg')), 0) as variation,
        count(*) as months,
    from monthly
    group by level, orgnr, sector
),

months_to_come as (
    select count(*) as months from working_day, settled_landing.delivery as delivery
    where working_day.month > month(delivery.period_to)
),

judged as (
    select
        summed.*,
        sqrt(
            power(cast(setting.systematic as double) * cast(summed.points_year as double), 2)
            + power(cast(setting.sampling as double), 2) * abs(cast(summed.points_year as double))
        ) as tested,
        coalesce(
            cast(setting.spread_factor as double) * varying.variation * abs(cast(summed.points_to_come as double))
            * sqrt(1.0 / nullif(months_to_come.months, 0) + 1.0 / varying.months),
            0
        ) as seen,
    from summed
    cross join months_to_come
    inner join interval_setting as setting on setting.sector = summed.sector
    left join varying
        on varying.level = summed.level
        and varying.orgnr is not distinct from summed.orgnr
        and varying.sector = summed.sector
)

select
    level,
    orgnr,
    sector,
    points_delivered,
    points_late,
    points_to_come,
    points_year,
    cast(ceil(greatest(tested, seen) * 1000) as decimal(18, 0)) * cast(0.001 as decimal(4, 3)) as half_width,
from judged
