-- what: units without the mark that tells whether their activity is in ISF
-- grain: one row per failing row
-- key: unit_id
-- check: validity
-- source: regulation §4.4, §3.2.1 f
select
    unit.enhetID as unit_id,
    cast(null as varchar) as value,
from landing.enhet as unit
where unit.isfRefusjon is null
    and unit.enhetID not in (
        select row_key from landing.unparsed where file = 'enhet' and column_name = 'isfRefusjon'
    )
