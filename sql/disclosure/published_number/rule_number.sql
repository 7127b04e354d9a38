-- what: units and points by rule; whether a rule adds or deducts is known
-- grain: one row per number
-- key: number_id
-- source: docs/published-tables.md
select
    concat_ws('|', 'poeng_per_regel', regel, sektor, enhet_type, 'antall_enheter') as number_id,
    concat_ws('|', 'poeng_per_regel', regel, sektor, enhet_type) as row_id,
    'count' as kind,
    antall_enheter as value,
    false as is_whole,
    true as is_above,
from poeng_per_regel
where enhet_type <> 'region'
union all
select
    concat_ws('|', 'poeng_per_regel', regel, sektor, enhet_type, 'poeng') as number_id,
    concat_ws('|', 'poeng_per_regel', regel, sektor, enhet_type) as row_id,
    'points' as kind,
    cast(1000 * poeng as bigint) as value,
    false as is_whole,
    poeng >= 0 as is_above,
from poeng_per_regel
where enhet_type <> 'region'
