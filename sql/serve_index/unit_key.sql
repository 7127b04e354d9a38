-- what: the units that have several rows in the ledger
-- grain: one row per unit with more than one row
-- key: unit_type, unit_id
-- as: view
-- source: docs/serve.md
select
    unit_type,
    unit_id,
from ledger
group by unit_type, unit_id
having count(*) > 1
