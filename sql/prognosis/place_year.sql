-- what: the year per place: delivered, late, to come, and half the width of the interval
-- grain: one row per level (hf, rhf, land), place and sector
-- key: level, orgnr, sector
-- source: docs/prognosis.md (how the interval is made)
-- column half_width: the larger of what the back-test gives and what the place's own months vary; empty where the back-test carries none
-- column points_low: lower end of the interval, never below 0 for a place with points; empty as the width
-- column points_high: upper end of the interval
with
place as (
    select 'rhf' as level, rhf_orgnr as orgnr, sector, rhythm, month, part, points from prognosis_cell
    union all
    select 'hf' as level, hf_orgnr as orgnr, sector, rhythm, month, part, points from prognosis_cell where month is not null
    union all
    select 'land' as level, null as orgnr, sector, rhythm, month, part, points from prognosis_cell
    union all
    -- A region with a budget is there even if nothing is delivered of it.
    select 'rhf' as level, rhf_orgnr as orgnr, sector, 'lopende' as rhythm, null as month, 'levert' as part, 0 as points
    from budget
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

-- From here whole numbers: points in thousandths, widths in millionths. Every division of a width is rounded up.
-- The running points of every delivered month, none counting as 0, as they would be if all months were alike. A month that
-- should have less than a thousandth of them tells nothing.
monthly as (
    select
        summed.level,
        summed.orgnr,
        summed.sector,
        weight.month,
        cast(coalesce(sum(place.points), 0) * 1000 as hugeint) * 1000000000
        // cast(any_value(weight.share_of_delivered) * 1000000000 as hugeint) as milli,
    from summed
    inner join month_weight as weight
        on weight.sector = summed.sector
        and weight.rhythm = 'lopende'
        and weight.is_delivered
        and weight.share_of_delivered >= 0.001
    left join place
        on place.level = summed.level
        and place.orgnr is not distinct from summed.orgnr
        and place.sector = summed.sector
        and place.rhythm = weight.rhythm
        and place.month = weight.month
        and place.part <> 'rest'
    group by summed.level, summed.orgnr, summed.sector, weight.month
),

varying as (
    select
        level,
        orgnr,
        sector,
        count(*) as months,
        sum(milli) as milli,
        sum(milli * milli) as squares,
    from monthly
    group by level, orgnr, sector
    having count(*) > 1 and sum(milli) <> 0
),

months_to_come as (
    select count(*) as months from working_day, settled_landing.delivery as delivery
    where working_day.month > month(delivery.period_to)
),

counted as (
    select
        summed.*,
        cast(abs(summed.points_year) * 1000 as hugeint) as milli_year,
        cast(abs(summed.points_to_come) * 1000 as hugeint) as milli_to_come,
        cast(setting.systematic * 1000000 as hugeint) as systematic,
        cast(setting.sampling * 1000000 as hugeint) as sampling,
        cast(setting.spread_factor * 1000 as hugeint) as spread_factor,
        setting.smallest_points,
        cast(months_to_come.months as hugeint) as months_to_come,
        cast(varying.months as hugeint) as months,
        varying.milli,
        varying.squares,
    from summed
    cross join months_to_come
    left join interval_setting as setting on setting.sector = summed.sector
    left join varying
        on varying.level = summed.level
        and varying.orgnr is not distinct from summed.orgnr
        and varying.sector = summed.sector
),

-- (t × standard deviation / mean)² × (1 / months to come + 1 / months), in millionths of millionths.
spread as (
    select
        counted.*,
        if(
            months_to_come = 0 or milli is null,
            0,
            (
                ((months * squares - milli * milli) * 1000000000000 // (milli * milli) + 1)
                * spread_factor * spread_factor * (months_to_come + months)
                // ((months - 1) * months_to_come * 1000000) + 1
            )
        ) as relative,
    from counted
),

square as (
    select
        spread.*,
        (
            systematic * systematic * milli_year * milli_year + sampling * sampling * milli_year * 1000 + 999999999999
        ) // 1000000000000 as tested,
        (relative * milli_to_come * milli_to_come + 999999999999) // 1000000000000 as seen,
    from spread
),

-- The square root of a whole number, upwards: by floating point, and one more or less where that is not exact.
root as (
    select
        square.*,
        greatest(tested, seen) as wanted,
        cast(ceil(sqrt(cast(greatest(tested, seen) as double))) as hugeint) as near,
    from square
),

width as (
    select
        level,
        orgnr,
        sector,
        points_delivered,
        points_late,
        points_to_come,
        points_year,
        case
            when tested is null then null
            -- The whole year is delivered.
            when systematic = 0 and sampling = 0 and wanted = 0 then 0
            when wanted = 0 or abs(points_year) < smallest_points then null
            else cast(
                cast(
                    case
                        when (near - 1) * (near - 1) >= wanted then near - 1
                        when near * near >= wanted then near
                        else near + 1
                    end as decimal(28, 0)
                ) * 0.001 as decimal(18, 3)
            )
        end as half_width,
    from root
)

select
    level,
    orgnr,
    sector,
    points_delivered,
    points_late,
    points_to_come,
    points_year,
    half_width,
    -- `greatest` passes over what is empty.
    if(half_width is null, null, greatest(points_year - half_width, least(points_year, 0))) as points_low,
    points_year + half_width as points_high,
from width
