-- what: each rule judged for each content, all criteria together
-- grain: one row per content and rule
-- key: content_nr, rule_nr
-- source: docs/grouper.md, How a rule is matched
select
    feature.content_nr,
    rule.rule_nr,
    count(judged.column_name) filter (where not judged.met) as failed,
    min(judged.column_name) filter (where not judged.met) as failed_column,
    arg_min(judged.value, judged.column_name) filter (where not judged.met) as failed_value,
from content_feature as feature
cross join drg_rule as rule
left join criterion_met as judged
    on judged.content_nr = feature.content_nr and judged.rule_nr = rule.rule_nr
group by feature.content_nr, rule.rule_nr
