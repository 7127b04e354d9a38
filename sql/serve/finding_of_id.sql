-- what: what the quality checks found in rows of a stay, service or line
-- grain: one row per check, row and value
-- key: check_id, row_type, row_key, value
-- source: docs/quality/README.md
-- The ids are in the list `ids` of the connection.
select
    check_id,
    row_type,
    row_key,
    value,
    points_at_stake,
from check_row
where row_key in (select unnest(getvariable('ids')))
order by check_id, row_type, row_key, value nulls first
