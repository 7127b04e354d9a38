-- what: what the rows of a unit give together, where there are several
-- grain: one row per unit with more than one row
-- key: unit_type, unit_id
-- source: docs/serve.md; docs/regelverk.md 0
-- column unit_nr: number of the first of its rows in the ledger
-- column unit_rules: the rules of its rows
select
    ledger.unit_type,
    ledger.unit_id,
    min(ledger.place) as unit_nr,
    array_to_string(list_sort(list(ledger.rule)), ', ') as unit_rules,
    cast(sum(ledger.points) as decimal(18, 3)) as unit_points,
from ledger
inner join unit_key on unit_key.unit_type = ledger.unit_type and unit_key.unit_id = ledger.unit_id
group by ledger.unit_type, ledger.unit_id
