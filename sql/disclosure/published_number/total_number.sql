-- what: sums of the whole settlement tables over the country, which are never hidden
-- grain: one row per number
-- key: number_id
-- source: docs/published-tables.md
select
    number_id,
    null as row_id,
    'count' as kind,
    number as value,
    true as is_whole,
    true as is_above,
from counted_total
union all
select
    number_id,
    null as row_id,
    'points' as kind,
    cast(1000 * points as bigint) as value,
    true as is_whole,
    true as is_above,
from point_total
