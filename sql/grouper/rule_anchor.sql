-- what: the one property through which each rule is looked for: the wanted one that fewest contents have
-- grain: one row per rule that wants a property
-- key: rule_nr
-- source: grouper specification, set-based SQL
-- column further: how many other properties the rule wants or forbids, one more where it needs two procedures
with
frequency as (
    select property_nr, count(*) as contents from content_property group by property_nr
),

condition as (
    select
        rule_property.rule_nr,
        rule_property.wanted,
        asked_property.property_nr,
        coalesce(frequency.contents, 0) as contents,
    from rule_property
    inner join asked_property
        on asked_property.kind = rule_property.kind and asked_property.property = rule_property.property
    left join frequency on frequency.property_nr = asked_property.property_nr
)

select
    rule_nr,
    arg_min(property_nr, (contents, property_nr)) filter (where wanted) as property_nr,
    count(*)
    - if(bool_or(wanted), 1, 0)
    + if(rule_nr in (select rule_nr from two_procedure_rule), 1, 0) as further,
from condition
group by rule_nr
