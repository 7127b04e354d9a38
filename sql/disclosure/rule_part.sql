-- what: points of rules that several kinds of unit have, by kind of unit; published only together
-- grain: one row per rule, sector and kind of unit
-- key: number_id
-- source: rulebook section 5
select
    concat_ws('|', 'rule_sum', rule_sum.rule, rule_sum.sector, 'points') as whole_id,
    concat_ws('|', 'rule_sum', rule_sum.rule, rule_sum.sector, part.unit_type) as number_id,
    rule_sum.sector,
    part.unit_type,
    rule_sum.adds,
from rule_sum
cross join (select unnest(['stay', 'service', 'pathway']) as unit_type) as part
where rule_sum.unit_type = 'several'
