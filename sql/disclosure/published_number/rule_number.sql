-- what: units and points by rule, as the settlement page shows them; whether a rule adds or deducts is known
-- grain: one row per number
-- key: number_id
-- source: delivery contract section 2
select
    concat_ws('|', 'rule_sum', rule, sector, 'units') as number_id,
    concat_ws('|', 'rule_sum', rule, sector) as row_id,
    'count' as kind,
    units as value,
    false as is_whole,
    true as is_above,
from rule_sum
where not regional
union all
select
    concat_ws('|', 'rule_sum', rule, sector, 'points') as number_id,
    concat_ws('|', 'rule_sum', rule, sector) as row_id,
    'points' as kind,
    cast(1000 * points as bigint) as value,
    false as is_whole,
    adds as is_above,
from rule_sum
where not regional
