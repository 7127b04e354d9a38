-- what: the months of the delivery's period
-- grain: one row per month
-- key: month
-- as: view
-- source: regulation §3.1, §4.1
select
    cast(month(first_day) as bigint) as month,
    strftime(first_day, '%Y-%m') as maned,
from (
    select unnest(generate_series(date_trunc('month', period_from), period_to, interval 1 month)) as first_day
    from landing.delivery
)
