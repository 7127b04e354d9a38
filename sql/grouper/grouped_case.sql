-- what: the rule, DRG and return code of each case
-- grain: one row per case
-- key: case_nr
-- source: grouper specification, matching a rule
-- column mdc: the chapter of the case's main diagnosis; empty where it has no category
-- column hdg: the chapter of the DRG
select
    case_key.case_nr,
    case_content.content_nr,
    drg_rule.rule_nr,
    drg_rule.ord,
    drg_rule.drg,
    drg_rule.loc_drg,
    drg_rule.rtc,
    nullif(content_feature.mdc, '') as mdc,
    drg_rule.hdg,
from case_key
inner join case_content
    on case_content.main_nr = case_key.main_nr
    and case_content.situation = case_key.situation
    and case_content.set_nr = case_key.set_nr
inner join content_feature on content_feature.content_nr = case_content.content_nr
left join content_rule on content_rule.content_nr = case_content.content_nr
left join drg_rule on drg_rule.rule_nr = content_rule.rule_nr
