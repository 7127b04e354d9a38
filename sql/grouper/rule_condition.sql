-- what: the properties that a rule wants or forbids beside those by which it is looked for
-- grain: one row per rule and property
-- key: rule_nr, property_nr, wanted
-- source: docs/grouper.md, How a rule is matched
select
    rule_property.rule_nr,
    asked_property.property_nr,
    rule_property.wanted,
from rule_property
inner join asked_property
    on asked_property.kind = rule_property.kind and asked_property.property = rule_property.property
inner join rule_anchor on rule_anchor.rule_nr = rule_property.rule_nr
where rule_property.kind <> 'main'
    and (not rule_property.wanted or asked_property.property_nr is distinct from rule_anchor.property_nr)
