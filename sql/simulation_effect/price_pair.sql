-- what: kroner per point before and after: the prices of both sets, or the price that was asked for
-- grain: one row per sector
-- key: sector
-- source: docs/regelverk.md 0; regulation §3.10, §3.11
select
    before.sector,
    cast(before.unit_price_nok * before.isf_share as decimal(19, 6)) as nok_before,
    cast(coalesce(asked.unit_price_nok, after.unit_price_nok) * after.isf_share as decimal(19, 6)) as nok_after,
from baseline_price as before
inner join alternative_price as after on after.sector = before.sector
left join asked_price as asked on asked.sector = before.sector
