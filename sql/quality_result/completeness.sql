-- what: finished episodes now, and in the same months of the last year and of the last delivery
-- grain: one row per sector
-- key: sector
-- as: view
-- source: regulation §3.8
with
now as (
    select
        sector,
        cast(sum(numerator) as bigint) as episodes,
        list(distinct month[6:7]) as months,
    from macro_value
    where check_id = 'volume_by_month'
    group by sector
),

before as (
    select
        now.sector,
        cast(sum(earlier.measure) filter (where earlier.which = 'year') as bigint) as last_year,
        cast(sum(earlier.measure) filter (where earlier.which = 'delivery') as bigint) as last_delivery,
    from now
    inner join earlier_macro as earlier
        on earlier.sector = now.sector
        and earlier.check_id = 'volume_by_month'
        and list_contains(now.months, earlier.month_of_year)
    group by now.sector
)

select
    now.sector,
    now.episodes,
    before.last_year,
    before.last_delivery,
from now
left join before on before.sector = now.sector
