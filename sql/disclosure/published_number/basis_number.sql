-- what: the counts of `grunnlag`; balances are differences of others
-- grain: one row per number
-- key: number_id
-- source: docs/published-tables.md
select
    concat_ws('|', 'grunnlag', steg, arsak, sektor, 'antall') as number_id,
    concat_ws('|', 'grunnlag', steg, arsak, sektor) as row_id,
    'count' as kind,
    antall as value,
    false as is_whole,
    true as is_above,
from grunnlag
where steg <> 'balanse'
