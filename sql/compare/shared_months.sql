-- what: the months that both deliveries hold
-- grain: one row
-- key: last_month
-- source: regulation §3.5
-- column has_deduction: whether the regional deduction can be compared: it is computed for a whole period (§7.2.1)
select
    month(least(earlier.period_to, later.period_to)) as last_month,
    earlier.period_to = later.period_to as has_deduction,
from earlier_landing.delivery as earlier
cross join later_landing.delivery as later
