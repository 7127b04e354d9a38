-- what: H-resept lines without municipality of residence
-- grain: one row per failing row
-- key: dispensing_id
-- check: validity
-- source: regulation §4.2
select
    line.dispensing_id,
    cast(null as varchar) as value,
from finding_line as line
where line.municipality_number is null
    and line.dispensing_id not in (
        select row_key from landing.unparsed where file = 'hresept' and column_name = 'komNrHjem'
    )
