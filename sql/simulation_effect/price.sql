-- what: kroner per point in the baseline, by which points are made kroner on both sides
-- grain: one row per sector
-- key: sector
-- as: view
-- source: docs/regelverk.md 0; regulation §3.10, §3.11
select
    sector,
    cast(unit_price_nok * isf_share as decimal(19, 6)) as nok_per_point,
from baseline_price
