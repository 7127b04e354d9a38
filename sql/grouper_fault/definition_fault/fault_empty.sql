-- what: tables without which nothing could be grouped, and that have no row
-- grain: one row per table
-- key: table_name
-- source: docs/grouper.md, Definition tables
with
counted as (
    select 'drglogic' as table_name, count(*) as rows_given from raw.drglogic
    union all
    select 'dg' as table_name, count(*) as rows_given from raw.dg
)

select
    table_name,
    0 as row_nr,
    cast(null as varchar) as row_name,
    '' as column_name,
    cast(null as varchar) as value,
    'has no rows' as fault,
    'Give the whole table' as remedy,
from counted
where rows_given = 0
