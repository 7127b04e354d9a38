-- what: units with an optional value that is reported but cannot be read
-- grain: one row per failing row
-- key: unit_id
-- check: structure
-- source: docs/delivery.md; regulation §3.5, §4.4
select
    unit.enhetID as unit_id,
    string_agg(unparsed.column_name || ' ' || unparsed.value, ', ' order by unparsed.column_name) as value,
from landing.unparsed as unparsed
inner join landing.enhet as unit on unit.enhetID = unparsed.row_key
where unparsed.file = 'enhet'
group by unit.enhetID
