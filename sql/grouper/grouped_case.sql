-- what: the rule, DRG and return code of each case
-- grain: one row per case
-- key: case_nr
-- source: docs/grouper.md, How a rule is matched
-- column mdc: the chapter of the case's main diagnosis; empty where it has no category
-- column hdg: the chapter of the DRG
with
-- The answer of each content first: a case then only looks up its content.
answer as materialized (
    select
        case_content.content_nr,
        case_content.main_nr,
        case_content.situation,
        case_content.set_nr,
        drg_rule.rule_nr,
        drg_rule.ord,
        drg_rule.drg,
        drg_rule.loc_drg,
        drg_rule.rtc,
        nullif(content_feature.mdc, '') as mdc,
        drg_rule.hdg,
    from case_content
    inner join content_feature on content_feature.content_nr = case_content.content_nr
    left join content_rule on content_rule.content_nr = case_content.content_nr
    left join drg_rule on drg_rule.rule_nr = content_rule.rule_nr
)

select
    case_key.case_nr,
    answer.content_nr,
    answer.rule_nr,
    answer.ord,
    answer.drg,
    answer.loc_drg,
    answer.rtc,
    answer.mdc,
    answer.hdg,
from case_key
inner join answer
    on answer.main_nr = case_key.main_nr
    and answer.situation = case_key.situation
    and answer.set_nr = case_key.set_nr
