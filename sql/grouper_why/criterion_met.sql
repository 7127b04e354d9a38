-- what: every criterion of every rule, judged one by one for each content
-- grain: one row per content, rule and criterion
-- key: content_nr, rule_nr, column_name
-- source: docs/grouper.md, How a rule is matched
with
judged as (
    select
        feature.content_nr,
        rule.rule_nr,
        coalesce(rule.has_category = (feature.category <> ''), true) as icd,
        coalesce(rule.mdc = feature.mdc, true) and coalesce(rule.mdc_not <> feature.mdc, true) as mdc,
        coalesce(rule.category = feature.category, true)
        and coalesce(rule.category_not <> feature.category and feature.category <> '', true) as dgcat1,
        rule.or_mask >> feature.or_state & 1 = 1 as "or",
        feature.age_days > rule.age_over and feature.age_days < rule.age_under as agelim,
        feature.duration > rule.duration_over and feature.duration < rule.duration_under as dur,
        rule.level_mask >> feature.level & 1 = 1 as compl,
        rule.sex_mask >> feature.sex_state & 1 = 1 as sex,
        rule.discharge_mask >> feature.discharge_state & 1 = 1 as disch,
    from content_feature as feature
    cross join drg_rule as rule
),

scalar as (
    unpivot judged on icd, mdc, dgcat1, "or", agelim, dur, compl, sex, disch into name column_name value met
),

property as (
    select
        rule_criterion.rule_nr,
        rule_criterion.column_name,
        asked_property.property_nr,
        rule_criterion.value not like '-%' as wanted,
    from rule_criterion
    inner join definition.drglogic as drglogic on drglogic.rule_nr = rule_criterion.rule_nr
    inner join asked_property
        on asked_property.kind = case
            when rule_criterion.value = '-' then 'other_operation'
            when rule_criterion.column_name = 'pdgprop' then 'main'
            when rule_criterion.column_name in ('procpro1', 'secproc1') then 'procedure'
            else 'diagnosis'
        end
        and asked_property.property = if(
            rule_criterion.value = '-', drglogic.procpro1, ltrim(rule_criterion.value, '-')
        )
    where rule_criterion.column_name in (
        'pdgprop', 'procpro1', 'secproc1', 'dgprop1', 'dgprop2', 'dgprop3', 'dgprop4'
    )
)

select
    scalar.content_nr,
    scalar.rule_nr,
    scalar.column_name,
    rule_criterion.value,
    scalar.met,
from scalar
inner join rule_criterion
    on rule_criterion.rule_nr = scalar.rule_nr and rule_criterion.column_name = scalar.column_name
union all
select
    feature.content_nr,
    property.rule_nr,
    property.column_name,
    rule_criterion.value,
    (content_property.property_nr is not null) = property.wanted as met,
from content_feature as feature
cross join property
inner join rule_criterion
    on rule_criterion.rule_nr = property.rule_nr and rule_criterion.column_name = property.column_name
left join content_property
    on content_property.content_nr = feature.content_nr and content_property.property_nr = property.property_nr
union all
select
    content_nr,
    rule_nr,
    'procpro1 and secproc1' as column_name,
    'two procedures' as value,
    false as met,
from one_procedure_only
