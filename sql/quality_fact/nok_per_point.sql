-- what: what a point is worth
-- grain: one row per sector
-- key: sector
-- source: regulation §3.10, §3.11
select
    sector,
    nok_per_point,
from point_price
