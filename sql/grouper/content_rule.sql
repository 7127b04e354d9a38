-- what: the first rule all of whose criteria hold, for each content; none where no rule holds
-- grain: one row per content that some rule holds for
-- key: content_nr
-- source: grouper specification, matching a rule: first match wins
with
-- The first rule that has nothing further to be looked at.
sure as (
    select content_nr, min(rule_nr) as rule_nr from candidate where further = 0 group by content_nr
),

-- Only rules before it can still win.
open as (
    select
        candidate.content_nr,
        candidate.rule_nr,
    from candidate
    left join sure on sure.content_nr = candidate.content_nr
    where candidate.further > 0 and candidate.rule_nr < coalesce(sure.rule_nr, candidate.rule_nr + 1)
),

-- Further properties that are there and must not be, or must be and are not.
failed as (
    select distinct
        open.content_nr,
        open.rule_nr,
    from open
    inner join rule_condition on rule_condition.rule_nr = open.rule_nr
    left join content_property
        on content_property.content_nr = open.content_nr
        and content_property.property_nr = rule_condition.property_nr
    where rule_condition.wanted = (content_property.property_nr is null)
),

two_procedures_missing as (
    select content_nr, rule_nr from one_procedure_only
),

held as (
    select content_nr, rule_nr from candidate where further = 0
    union all
    select content_nr, rule_nr from open
    anti join failed on failed.content_nr = open.content_nr and failed.rule_nr = open.rule_nr
    anti join two_procedures_missing as missing
        on missing.content_nr = open.content_nr and missing.rule_nr = open.rule_nr
)

select
    content_nr,
    min(rule_nr) as rule_nr,
from held
group by content_nr
