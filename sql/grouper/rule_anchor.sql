-- what: how each rule is looked for: by that wanted property, beside those of the main diagnosis, that is rarest
-- grain: one row per rule
-- key: rule_nr
-- source: docs/grouper.md, How it is computed
-- column property_nr: missing where a rule wants no such property and is found by the main diagnosis alone
-- column further: how many other properties the rule wants or forbids, one more where it needs two procedures
with
occurring as (
    select class_nr, count(*) as contents from content_class group by class_nr
),

frequency as (
    select
        class_property.property_nr,
        sum(occurring.contents) as contents,
    from class_property
    inner join occurring on occurring.class_nr = class_property.class_nr
    group by class_property.property_nr
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
    where rule_property.kind <> 'main'
),

chosen as (
    select
        rule_nr,
        arg_min(property_nr, (contents, property_nr)) filter (where wanted) as property_nr,
        count(*) - if(bool_or(wanted), 1, 0) as further,
    from condition
    group by rule_nr
)

select
    drg_rule.rule_nr,
    chosen.property_nr,
    coalesce(chosen.further, 0) + if(two.rule_nr is null, 0, 1) as further,
from drg_rule
left join chosen on chosen.rule_nr = drg_rule.rule_nr
left join two_procedure_rule as two on two.rule_nr = drg_rule.rule_nr
