-- what: the units of the delivery by name
-- grain: one row per unit
-- key: unit_id
-- source: docs/delivery.md
select
    "enhetID" as unit_id,
    hf as hf_orgnr,
    navn as unit_name,
from landing.enhet
order by "enhetID"
