-- what: kroner per point
-- grain: one row per sector
-- key: sector
-- as: view
-- source: docs/regelverk.md 0; regulation §3.10, §3.11
select
    sector,
    unit_price_nok,
    isf_share,
    -- Wide enough that no product with summed points overflows; exact, so nothing is rounded here.
    cast(unit_price_nok * isf_share as decimal(18, 6)) as nok_per_point,
from ref.unit_price
