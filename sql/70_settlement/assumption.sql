-- what: what the regulation does not say and the rule set had to choose
-- grain: one row per parameter marked as an assumption
-- key: rule, parameter
-- as: view
-- source: reference table parameter
select
    parameter.paragraph,
    parameter.rule,
    any_value(rule.title) as title,
    parameter.parameter,
    string_agg(
        if(parameter.kind = 'points', replace(parameter.value, '.', ','), parameter.value),
        ', ' order by parameter.number, parameter.value
    ) as value,
    any_value(parameter.unit) as unit,
    any_value(parameter.text_no) as text_no,
    -- A choice between methods is told by the text; its code says nothing more to a reader.
    any_value(parameter.kind) = 'code' and bool_and(parameter.value = lower(parameter.value)) as is_method,
    any_value(parameter.source) as source,
    any_value(rule.position) as position,
from ref.parameter as parameter
left join ref.rule as rule on rule.rule = parameter.rule
where parameter.assumption
group by parameter.paragraph, parameter.rule, parameter.parameter
