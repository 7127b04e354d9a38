-- what: H-resept lines with an optional value that is reported but cannot be read
-- grain: one row per failing row
-- key: dispensing_id
-- check: structure
-- source: docs/delivery.md; regulation §3.5, §4.2
select
    line.dispensing_id,
    string_agg(unparsed.column_name || ' ' || unparsed.value, ', ' order by unparsed.column_name) as value,
from landing.unparsed as unparsed
inner join finding_line as line on line.dispensing_id = unparsed.row_key
where unparsed.file = 'hresept'
group by line.dispensing_id
