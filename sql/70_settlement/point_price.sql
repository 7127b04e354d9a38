-- what: kroner per point
-- grain: one row per sector
-- key: sector
-- as: view
-- source: docs/regelverk.md 0; regulation §3.10, §3.11
select
    sector,
    unit_price_nok,
    isf_share,
    -- Exact, so nothing is rounded here. Nineteen digits: DuckDB keeps a product of two numbers of up to 18 digits
    -- within 18, which a region's points overflow.
    cast(unit_price_nok * isf_share as decimal(19, 6)) as nok_per_point,
from ref.unit_price
