-- what: the months that both this delivery and the last one hold
-- grain: one row per month
-- key: month
-- source: regulation §3.5, §3.8
with
own as (
    select strftime(unnest(generate_series(period_from, period_to, interval 1 month)), '%Y-%m') as month from info
),

before as (
    select strftime(unnest(generate_series(period_from, period_to, interval 1 month)), '%Y-%m') as month
    from earlier_delivery
    where which = 'delivery'
)

select own.month
from own
inner join before on before.month = own.month
