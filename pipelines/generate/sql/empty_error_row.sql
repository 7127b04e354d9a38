-- What:  No errors: `error_row` of a clean delivery.
-- Key:   file, nr
select null::varchar as file, null::varchar as kind, null::varchar as row_id, null::varchar as column_name, null::varchar as original,
    null::varchar as wrong, null::varchar as hf, false as corrected
where false
