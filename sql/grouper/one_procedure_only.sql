-- what: contents with one single procedure that is both of the two that a rule wants
-- grain: one row per content and rule
-- key: content_nr, rule_nr
-- source: docs/grouper.md, How a rule is matched: two procedure criteria need two procedures
with
fitting as (
    select
        two_procedure_rule.rule_nr,
        class_effect.class_nr,
        class_effect.is_procedure
        and bool_or(class_effect.value = two_procedure_rule.first_property)
        and bool_or(class_effect.value = two_procedure_rule.second_property) as is_both,
    from two_procedure_rule
    inner join class_effect
        on class_effect.kind = 'procedure'
        and class_effect.value in (two_procedure_rule.first_property, two_procedure_rule.second_property)
    group by two_procedure_rule.rule_nr, class_effect.class_nr, class_effect.is_procedure
),

-- A second procedure of the same class counts for itself.
numbered as (
    select rule_nr, class_nr, is_both from fitting
    union all
    select
        fitting.rule_nr,
        double_class.again_nr as class_nr,
        fitting.is_both,
    from fitting
    inner join double_class on double_class.class_nr = fitting.class_nr
)

select
    content_class.content_nr,
    numbered.rule_nr,
from content_class
inner join numbered on numbered.class_nr = content_class.class_nr
group by content_class.content_nr, numbered.rule_nr
-- One that is only one of the two fails by the other criterion anyway.
having count(*) = 1 and bool_and(numbered.is_both)
