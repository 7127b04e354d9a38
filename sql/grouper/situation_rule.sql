-- what: the rules found by the main diagnosis alone that hold for a situation, up to the first that is certain to hold
-- grain: one row per situation and rule
-- key: situation_nr, rule_nr
-- source: docs/grouper.md, How a rule is matched
-- column further: how many properties must be looked at; 0 = the rule holds
with
found as (
    select
        situation.situation_nr,
        kind_rule.rule_nr,
        rule_anchor.further,
    from situation
    inner join kind_rule on kind_rule.kind_nr = situation.kind_nr
    inner join rule_anchor on rule_anchor.rule_nr = kind_rule.rule_nr and rule_anchor.property_nr is null
    inner join drg_rule on drg_rule.rule_nr = kind_rule.rule_nr
    where situation.age_days > drg_rule.age_over
        and situation.age_days < drg_rule.age_under
        and situation.duration > drg_rule.duration_over
        and situation.duration < drg_rule.duration_under
        and drg_rule.sex_mask >> situation.sex_state & 1 = 1
        and drg_rule.discharge_mask >> situation.discharge_state & 1 = 1
        and drg_rule.or_mask >> situation.or_state & 1 = 1
        and drg_rule.level_mask >> situation.level & 1 = 1
),

sure as (
    select situation_nr, min(rule_nr) as rule_nr from found where further = 0 group by situation_nr
)

select
    found.situation_nr,
    found.rule_nr,
    found.further,
from found
left join sure on sure.situation_nr = found.situation_nr
where found.rule_nr <= coalesce(sure.rule_nr, found.rule_nr)
