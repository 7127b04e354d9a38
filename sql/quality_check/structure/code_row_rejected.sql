-- what: rows of conditions, procedures, personnel and tariffs in quarantine for a value of their own
-- grain: one row per failing row
-- key: file, line
-- check: structure
-- source: docs/delivery.md; regulation §3.5, §3.8
select
    file,
    line,
    concat_ws(' ', column_name, value) as value,
from quarantined_row
where file not in ('episode', 'hresept', 'enhet', 'akonto') and reason in ('missing_required', 'unparsable_required', 'value_not_listed')
-- The hospital looks up an id, however many rows of the file have it.
qualify row_number() over (partition by file, row_key order by line) = 1
