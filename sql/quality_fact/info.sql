-- what: what the results were made from
-- grain: one row
-- key: delivery
-- source: docs/quality/README.md
select
    delivery.delivery,
    measurement.stamp,
    measurement.checks_sha256,
    delivery.year,
    delivery.tertial,
    delivery.delivery_number,
    delivery.period_from,
    delivery.period_to,
    delivery.produced,
    ruleset.ruleset,
    ruleset.status as ruleset_status,
    ruleset.sha256 as ruleset_sha256,
from landing.delivery as delivery
cross join measurement
cross join ref.ruleset as ruleset
