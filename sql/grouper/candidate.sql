-- what: the rules by which each content may still be grouped: their scalar criteria hold, and one wanted property is there
-- grain: one row per content, rule and class that gives the property
-- key: none, several classes may give the property
-- source: docs/grouper.md, How a rule is matched
-- column further: how many other properties must be looked at
with
-- Made first, and by both its keys joined with the rules: by one of them there are too many.
placed as materialized (
    select
        content_class.class_nr,
        content_situation.sure_rule,
        content_feature.*,
    from content_class
    inner join content_situation on content_situation.content_nr = content_class.content_nr
    inner join content_feature on content_feature.content_nr = content_class.content_nr
)

select
    placed.content_nr,
    rule.rule_nr,
    rule.further,
from placed
inner join kind_class_rule as rule on rule.kind_nr = placed.kind_nr and rule.class_nr = placed.class_nr
where rule.rule_nr < coalesce(placed.sure_rule, rule.rule_nr + 1)
    and placed.age_days > rule.age_over
    and placed.age_days < rule.age_under
    and placed.duration > rule.duration_over
    and placed.duration < rule.duration_under
    and rule.sex_mask >> placed.sex_state & 1 = 1
    and rule.discharge_mask >> placed.discharge_state & 1 = 1
    and rule.or_mask >> placed.or_state & 1 = 1
    and rule.level_mask >> placed.level & 1 = 1
union all
-- Rules found by the main diagnosis alone that forbid something.
select
    content_situation.content_nr,
    situation_rule.rule_nr,
    situation_rule.further,
from content_situation
inner join situation_rule on situation_rule.situation_nr = content_situation.situation_nr
where situation_rule.further > 0
