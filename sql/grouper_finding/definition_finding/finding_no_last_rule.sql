-- what: a last rule that asks for something, so that a case may be left without any rule
-- grain: one row per kind of finding that there is
-- key: finding
-- source: docs/grouper.md, How a rule is matched: errors are rules too
with
open_rule as (
    select drg_rule.rule_nr
    from drg_rule
    anti join rule_property on rule_property.rule_nr = drg_rule.rule_nr
    where coalesce(mdc, mdc_not, category, category_not) is null
        and has_category is null
        and age_over = (select min(age_over) from drg_rule)
        and age_under = (select max(age_under) from drg_rule)
        and age_over < -500000000000
        and age_under > 500000000000
        and duration_over < -500000000000
        and duration_under > 500000000000
        and sex_mask & 1 = 1
        and sex_mask = (select bit_or(sex_mask) from drg_rule)
        and discharge_mask = (select bit_or(discharge_mask) from drg_rule)
        and or_mask = 1 + 2 + 4 + 8
        and level_mask = 1 + 2 + 4
)

select
    'no_last_rule' as finding,
    1 as number,
    max(ord) as examples,
from definition.drglogic
where (select count(*) from open_rule) = 0
having count(*) > 0
