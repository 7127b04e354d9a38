-- what: the first rule all of whose criteria hold, for each content; none where no rule holds
-- grain: one row per content that some rule holds for
-- key: content_nr
-- source: docs/grouper.md, How a rule is matched: first match wins
with
-- The first rule that has nothing further to be looked at.
sure as (
    select content_nr, min(rule_nr) as rule_nr from candidate where further = 0 group by content_nr
),

-- Only rules before it can still win.
open as (
    select distinct
        candidate.content_nr,
        candidate.rule_nr,
    from candidate
    left join sure on sure.content_nr = candidate.content_nr
    where candidate.further > 0 and candidate.rule_nr < coalesce(sure.rule_nr, candidate.rule_nr + 1)
),

condition as (
    select
        open.content_nr,
        open.rule_nr,
        rule_condition.property_nr,
        rule_condition.wanted,
        content_feature.sex_state,
    from open
    inner join rule_condition on rule_condition.rule_nr = open.rule_nr
    inner join content_feature on content_feature.content_nr = open.content_nr
),

present as (
    select distinct
        condition.content_nr,
        condition.property_nr,
    from condition
    inner join content_class on content_class.content_nr = condition.content_nr
    inner join class_property
        on class_property.class_nr = content_class.class_nr
        and class_property.property_nr = condition.property_nr
        and class_property.sex_mask >> condition.sex_state & 1 = 1
),

-- Further properties that are there and must not be, or must be and are not.
failed as (
    select distinct
        condition.content_nr,
        condition.rule_nr,
    from condition
    left join present
        on present.content_nr = condition.content_nr and present.property_nr = condition.property_nr
    where condition.wanted = (present.property_nr is null)
),

held as (
    select content_nr, sure_rule as rule_nr from content_situation where sure_rule is not null
    union all
    select content_nr, rule_nr from sure
    union all
    select content_nr, rule_nr from open
    anti join failed on failed.content_nr = open.content_nr and failed.rule_nr = open.rule_nr
    anti join one_procedure_only as missing
        on missing.content_nr = open.content_nr and missing.rule_nr = open.rule_nr
)

select
    content_nr,
    min(rule_nr) as rule_nr,
from held
group by content_nr
