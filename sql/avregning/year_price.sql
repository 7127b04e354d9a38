-- what: budget price and decided price of the year, and the prices of earlier years
-- grain: one row per activity year and sector
-- key: activity_year, sector
-- source: regulation §3.10, §3.10.1 (the price can be adjusted at the final settlement), §3.11.1, §3.11.2
select
    delivery.year as activity_year,
    price.sector,
    -- Nineteen digits: DuckDB keeps a product of two numbers of up to 18 digits within 18, which a region overflows.
    cast(price.unit_price_nok as decimal(19, 2)) as budget_price_nok,
    cast(coalesce(decided.unit_price_nok, price.unit_price_nok) as decimal(19, 2)) as unit_price_nok,
    price.isf_share,
    decided.reason,
from settled.point_price as price
cross join settled_landing.delivery as delivery
left join decision.price as decided on decided.sector = price.sector
union all
select
    history.activity_year,
    history.sector,
    cast(history.unit_price_nok as decimal(19, 2)) as budget_price_nok,
    cast(history.unit_price_nok as decimal(19, 2)) as unit_price_nok,
    history.isf_share,
    null as reason,
from decision.price_history as history
cross join settled_landing.delivery as delivery
where history.activity_year <> delivery.year
