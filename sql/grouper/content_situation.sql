-- what: the situation of each content, and the rule that is certain to hold there if no earlier one does
-- grain: one row per distinct content
-- key: content_nr
-- source: docs/grouper.md, How it is computed
with
sure as (
    select situation_nr, min(rule_nr) as rule_nr from situation_rule where further = 0 group by situation_nr
),

numbered as (
    select
        situation.*,
        sure.rule_nr as sure_rule,
    from situation
    left join sure on sure.situation_nr = situation.situation_nr
)

select
    feature.content_nr,
    numbered.situation_nr,
    numbered.kind_nr,
    numbered.sure_rule,
from content_feature as feature
inner join numbered
    on numbered.kind_nr = feature.kind_nr
    and numbered.sex_state = feature.sex_state
    and numbered.discharge_state = feature.discharge_state
    and numbered.age_days = feature.age_days
    and numbered.duration = feature.duration
    and numbered.or_state = feature.or_state
    and numbered.level = feature.level
