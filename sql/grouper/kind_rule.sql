-- what: the rules whose criteria of the main diagnosis hold: category, chapter and its own properties
-- grain: one row per kind of main diagnoses and rule
-- key: kind_nr, rule_nr
-- source: docs/grouper.md, How a rule is matched
with
kind as (
    select
        kind_nr,
        category,
        mdc,
        max(main_nr) as main_nr,
    from main_kind
    group by kind_nr, category, mdc
),

fitting as (
    select kind.kind_nr, drg_rule.rule_nr
    from kind
    inner join drg_rule on drg_rule.mdc = kind.mdc
    where (drg_rule.category is null or drg_rule.category = kind.category)
        and (drg_rule.mdc_not is null or drg_rule.mdc_not <> kind.mdc)
        and (drg_rule.category_not is null or (drg_rule.category_not <> kind.category and kind.category <> ''))
        and (drg_rule.has_category is null or drg_rule.has_category = (kind.category <> ''))
    union all
    select kind.kind_nr, drg_rule.rule_nr
    from kind
    cross join drg_rule
    where drg_rule.mdc is null
        and (drg_rule.category is null or drg_rule.category = kind.category)
        and (drg_rule.mdc_not is null or drg_rule.mdc_not <> kind.mdc)
        and (drg_rule.category_not is null or (drg_rule.category_not <> kind.category and kind.category <> ''))
        and (drg_rule.has_category is null or drg_rule.has_category = (kind.category <> ''))
),

kind_property as (
    select kind.kind_nr, class_property.property_nr
    from kind
    inner join class_property on class_property.class_nr = -kind.main_nr
),

-- Properties of the main diagnosis that are there and must not be, or must be and are not.
failed as (
    select fitting.kind_nr, fitting.rule_nr
    from fitting
    inner join rule_property on rule_property.rule_nr = fitting.rule_nr and rule_property.kind = 'main'
    inner join asked_property
        on asked_property.kind = rule_property.kind and asked_property.property = rule_property.property
    left join kind_property
        on kind_property.kind_nr = fitting.kind_nr and kind_property.property_nr = asked_property.property_nr
    where rule_property.wanted = (kind_property.property_nr is null)
)

select
    fitting.kind_nr,
    fitting.rule_nr,
from fitting
anti join failed on failed.kind_nr = fitting.kind_nr and failed.rule_nr = fitting.rule_nr
