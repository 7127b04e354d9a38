-- what: the numbers of the whole settlement tables, which are never hidden
-- grain: one row per number
-- key: number_id
-- source: docs/published-tables.md
select
    number_id,
    null as row_id,
    if(part = 'antall_opphold', 'count', 'points') as kind,
    cast(if(part = 'antall_opphold', number, 1000 * number) as bigint) as value,
    true as is_whole,
    true as is_above,
from settled
