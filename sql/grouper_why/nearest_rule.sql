-- what: the rules before each content's own of which one single criterion failed, the nearest first
-- grain: one row per content and such rule
-- key: content_nr, rule_nr
-- source: docs/grouper.md, How a rule is matched: first match wins
select
    verdict.content_nr,
    verdict.rule_nr,
    drg_rule.ord,
    drg_rule.drg,
    verdict.failed_column,
    verdict.failed_value,
    -- Rules for other main diagnoses tell least.
    row_number() over (
        partition by verdict.content_nr
        order by verdict.failed_column in ('mdc', 'dgcat1', 'pdgprop'), verdict.rule_nr desc
    ) as distance,
from rule_verdict as verdict
inner join drg_rule on drg_rule.rule_nr = verdict.rule_nr
left join content_rule on content_rule.content_nr = verdict.content_nr
where verdict.failed = 1 and (content_rule.rule_nr is null or verdict.rule_nr < content_rule.rule_nr)
