-- what: the units that have several rows in the ledger
-- grain: one row per unit with more than one row
-- key: unit_type, unit_id
-- source: docs/serve.md
-- A stay has its base row elsewhere, so it has several as soon as it has one here: the ten million base rows of a
-- national year need not be grouped.
select
    unit_type,
    unit_id,
from ledger_further
group by unit_type, unit_id
having unit_type = 'stay' or count(*) > 1
