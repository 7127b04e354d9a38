-- what: the rules that each content can still be grouped by: scalar criteria hold, and the rule's rarest property is there
-- grain: one row per content and rule
-- key: content_nr, rule_nr
-- source: grouper specification, matching a rule
-- column further: how many other properties must be looked at
with
anchored as (
    select
        content_property.content_nr,
        rule_anchor.rule_nr,
        rule_anchor.further,
    from content_property
    inner join rule_anchor on rule_anchor.property_nr = content_property.property_nr
),

-- Rules that want no property are found by the main diagnosis.
main_situation as (
    select distinct category, mdc from content_feature
),

main_rule as (
    select
        main_situation.category,
        drg_rule.rule_nr,
        coalesce(rule_anchor.further, 0) as further,
    from main_situation
    inner join drg_rule
        on (drg_rule.mdc is null or drg_rule.mdc = main_situation.mdc)
        and (drg_rule.mdc_not is null or drg_rule.mdc_not <> main_situation.mdc)
        and (drg_rule.category is null or drg_rule.category = main_situation.category)
        and (
            drg_rule.category_not is null
            or (drg_rule.category_not <> main_situation.category and main_situation.category <> '')
        )
        and (drg_rule.has_category is null or drg_rule.has_category = (main_situation.category <> ''))
    left join rule_anchor on rule_anchor.rule_nr = drg_rule.rule_nr
    where rule_anchor.property_nr is null
),

found as (
    select content_nr, rule_nr, further from anchored
    union all
    select content_feature.content_nr, main_rule.rule_nr, main_rule.further
    from content_feature
    inner join main_rule on main_rule.category = content_feature.category
)

select
    found.content_nr,
    found.rule_nr,
    found.further,
from found
inner join content_feature on content_feature.content_nr = found.content_nr
inner join drg_rule on drg_rule.rule_nr = found.rule_nr
where (drg_rule.mdc is null or drg_rule.mdc = content_feature.mdc)
    and (drg_rule.mdc_not is null or drg_rule.mdc_not <> content_feature.mdc)
    and (drg_rule.category is null or drg_rule.category = content_feature.category)
    and (
        drg_rule.category_not is null
        or (drg_rule.category_not <> content_feature.category and content_feature.category <> '')
    )
    and (drg_rule.has_category is null or drg_rule.has_category = (content_feature.category <> ''))
    and content_feature.age_days > drg_rule.age_over
    and content_feature.age_days < drg_rule.age_under
    and content_feature.duration > drg_rule.duration_over
    and content_feature.duration < drg_rule.duration_under
    and drg_rule.sex_mask >> content_feature.sex_state & 1 = 1
    and drg_rule.discharge_mask >> content_feature.discharge_state & 1 = 1
    and drg_rule.or_mask >> content_feature.or_state & 1 = 1
    and drg_rule.level_mask >> content_feature.level & 1 = 1
