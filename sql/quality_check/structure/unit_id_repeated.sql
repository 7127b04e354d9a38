-- what: units in quarantine because their id occurs more than once
-- grain: one row per failing row
-- key: file, line
-- check: structure
-- source: docs/delivery.md; regulation §3.5, §3.8
select
    file,
    line,
    concat_ws(' ', column_name, value) as value,
from quarantined_row
where file = 'enhet' and reason = 'duplicate_id'
-- The hospital looks up an id, however many rows of the file have it.
qualify row_number() over (partition by file, row_key order by line) = 1
