-- what: the rules that are looked for by a property of a class, for the kinds of main diagnoses that it occurs with
-- grain: one row per kind of main diagnoses, class and rule
-- key: kind_nr, class_nr, rule_nr
-- source: docs/grouper.md, How it is computed
with
met as (
    select distinct
        content_situation.kind_nr,
        content_class.class_nr,
    from content_class
    inner join content_situation on content_situation.content_nr = content_class.content_nr
),

class_rule as (
    select
        class_property.class_nr,
        class_property.sex_mask,
        rule_anchor.rule_nr,
        rule_anchor.further,
    from class_property
    inner join rule_anchor on rule_anchor.property_nr = class_property.property_nr
)

select
    met.kind_nr,
    met.class_nr,
    class_rule.rule_nr,
    class_rule.further,
    class_rule.sex_mask & drg_rule.sex_mask as sex_mask,
    drg_rule.discharge_mask,
    drg_rule.or_mask,
    drg_rule.level_mask,
    drg_rule.age_over,
    drg_rule.age_under,
    drg_rule.duration_over,
    drg_rule.duration_under,
from met
inner join class_rule on class_rule.class_nr = met.class_nr
inner join kind_rule on kind_rule.kind_nr = met.kind_nr and kind_rule.rule_nr = class_rule.rule_nr
inner join drg_rule on drg_rule.rule_nr = class_rule.rule_nr
