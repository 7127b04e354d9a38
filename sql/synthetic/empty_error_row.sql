-- what: no errors: `error_row` of a clean delivery
-- grain: one row per file, nr
-- key: file, nr
-- source: docs/synthetic-data.md
select
    null::varchar as file,
    null::varchar as kind,
    null::varchar as row_id,
    null::varchar as column_name,
    null::varchar as original,
    null::varchar as wrong,
    null::varchar as hf,
    false as corrected
where false
