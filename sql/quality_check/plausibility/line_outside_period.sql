-- what: H-resept lines dated outside the period of the delivery
-- grain: one row per failing row
-- key: dispensing_id
-- check: plausibility
-- source: regulation §3.5, §7.7
select
    line.dispensing_id,
    cast(line.dispensing_date as varchar) as value,
from finding_line as line
cross join landing.delivery as delivery
where line.dispensing_date not between delivery.period_from and delivery.period_to
