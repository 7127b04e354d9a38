-- what: numbers that are published nowhere, but of which published ones are sums
-- grain: one row per number
-- key: number_id
-- source: docs/published-tables.md
select
    number_id,
    null as row_id,
    'unpublished' as kind,
    cast(1000 * points as bigint) as value,
    false as is_whole,
    true as is_above,
from cell_month
union all
select
    number_id,
    null as row_id,
    'unpublished' as kind,
    cast(1000 * points as bigint) as value,
    false as is_whole,
    true as is_above,
from cell_part
union all
select
    number_id,
    null as row_id,
    'unpublished' as kind,
    null as value,
    false as is_whole,
    adds as is_above,
from rule_part
