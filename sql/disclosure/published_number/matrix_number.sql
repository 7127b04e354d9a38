-- what: stays and points of the guest-patient matrix
-- grain: one row per number
-- key: number_id
-- source: docs/published-tables.md
select
    row_id || '|antall_opphold' as number_id,
    row_id,
    'count' as kind,
    antall_opphold as value,
    false as is_whole,
    true as is_above,
from matrix_cell
union all
select
    row_id || '|isf_poeng' as number_id,
    row_id,
    'points' as kind,
    cast(1000 * isf_poeng as bigint) as value,
    false as is_whole,
    true as is_above,
from matrix_cell
