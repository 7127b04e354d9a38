-- what: what a point is worth
-- grain: one row per sector
-- key: sector
-- source: regulation §3.10, §3.11
select
    sector,
    cast(unit_price_nok * isf_share as decimal(19, 6)) as nok_per_point,
from ref.unit_price
