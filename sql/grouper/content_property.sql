-- what: the properties of each content that rules ask for, after recoding by sex
-- grain: one row per content and property
-- key: content_nr, property_nr
-- source: grouper specification, diagnosis properties, procedure properties
with
-- Which property an effect is, for each sex.
effect_property as (
    select
        effect.effect_nr,
        sex.sex_state,
        asked_property.property_nr,
    from effect
    cross join (select unnest([0, 1, 2]) as sex_state) as sex
    left join recoding
        on effect.kind = 'diagnosis' and recoding.property = effect.value and recoding.sex_state = sex.sex_state
    inner join asked_property
        on asked_property.kind = effect.kind
        and asked_property.property = coalesce(recoding.becomes, effect.value)
)

select distinct
    content_effect.content_nr,
    effect_property.property_nr,
from content_effect
inner join case_content on case_content.content_nr = content_effect.content_nr
inner join effect_property
    on effect_property.effect_nr = content_effect.effect_nr
    and effect_property.sex_state = case_content.sex_state
