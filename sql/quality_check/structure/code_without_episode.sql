-- what: rows of conditions, procedures, personnel and tariffs whose episode is not in the file
-- grain: one row per failing row
-- key: file, line
-- check: structure
-- source: docs/delivery.md; regulation §3.5, §3.8
select
    file,
    line,
    concat_ws(' ', column_name, value) as value,
from quarantined_row
where true and reason = 'parent_absent'
-- The hospital looks up an id, however many rows of the file have it.
qualify row_number() over (partition by file, row_key order by line) = 1
