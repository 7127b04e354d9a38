-- what: the delivery that the trials are of
-- grain: one row
-- key: delivery
-- source: docs/delivery.md
select
    delivery,
    year,
    tertial,
    delivery_number,
    period_from,
    period_to,
    produced,
from reported.delivery
