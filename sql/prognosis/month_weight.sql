-- what: how the year's points lie over the months, per sector and rhythm
-- grain: one row per sector, rhythm and month
-- key: sector, rhythm, month
-- source: docs/prognosis.md
-- column weight: last year's points of the month per working day there, times this year's working days; without a last year, or where it has no points of the delivered months, the working days, and for first contacts the delivered months, then the last of them per working day; a whole number
-- column profile: ifjor or virkedager: whether the weight is made of last year
-- column share_of_delivered: the weight as a part of the weights of the delivered months, nine decimals
with
day as (
    select
        this.month,
        this.days,
        this.days_last_year,
        this.month <= month(delivery.period_to) as is_delivered,
        month(delivery.period_to) as last_month,
    from working_day as this
    cross join settled_landing.delivery as delivery
),

summed as (
    select
        state,
        sector,
        rhythm,
        month,
        cast(sum(base_points) * 1000 as hugeint) as milli,
    from rhythm_month
    where month is not null
    group by state, sector, rhythm, month
),

cell as (
    select distinct
        sector,
        rhythm,
    from summed
    where state = 'delivery'
),

known as (
    select
        cell.sector,
        cell.rhythm,
        day.month,
        day.days,
        day.is_delivered,
        choice.profile as wanted_profile,
        greatest(coalesce(last_year.milli, 0), 0) as milli_last_year,
        greatest(coalesce(delivered.milli, 0), 0) as milli_delivered,
        greatest(coalesce(latest.milli, 0), 0) as milli_latest,
        day.days_last_year,
        last_day.days as days_latest,
    from cell
    cross join day
    cross join prognosis_choice as choice
    inner join day as last_day on last_day.month = day.last_month
    left join summed as last_year
        on last_year.state = 'last_year'
        and last_year.sector = cell.sector
        and last_year.rhythm = cell.rhythm
        and last_year.month = day.month
    left join summed as delivered
        on delivered.state = 'delivery'
        and delivered.sector = cell.sector
        and delivered.rhythm = cell.rhythm
        and delivered.month = day.month
    left join summed as latest
        on latest.state = 'delivery'
        and latest.sector = cell.sector
        and latest.rhythm = cell.rhythm
        and latest.month = day.last_month
),

-- Where last year has nothing of the delivered months, it cannot say what comes after them.
profiled as (
    select
        known.*,
        if(
            wanted_profile = 'ifjor'
            and sum(milli_last_year) filter (where is_delivered) over (partition by sector, rhythm) > 0,
            'ifjor',
            'virkedager'
        ) as profile,
    from known
),

-- Whole numbers: the weights of a sector and rhythm count only against each other. Divided to the nearest, halves upwards.
weighed as (
    select
        sector,
        rhythm,
        month,
        days,
        is_delivered,
        profile,
        case
            when profile = 'ifjor' then (2000 * milli_last_year * days + days_last_year) // (2 * days_last_year)
            when rhythm = 'lopende' then cast(days as hugeint)
            when is_delivered then 1000 * milli_delivered
            else (2000 * milli_latest * days + days_latest) // (2 * days_latest)
        end as weight,
    from profiled
),

together as (
    select
        weighed.*,
        nullif(sum(weight) filter (where is_delivered) over (partition by sector, rhythm), 0) as delivered_weight,
    from weighed
)

select
    sector,
    rhythm,
    month,
    days,
    is_delivered,
    profile,
    weight,
    cast(
        cast(coalesce((2000000000 * weight + delivered_weight) // (2 * delivered_weight), 0) as decimal(28, 0)) * 0.000000001
        as decimal(18, 9)
    ) as share_of_delivered,
from together
