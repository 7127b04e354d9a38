-- what: the properties that rules ask for and each class gives, after recoding by sex
-- grain: one row per class and property
-- key: class_nr, property_nr
-- source: docs/grouper.md, How a rule is matched: diagnosis properties, procedure properties
-- column sex_mask: a bit per state of sex for which the class gives the property
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

select
    class_effect.class_nr,
    effect_property.property_nr,
    bit_or(1 << effect_property.sex_state) as sex_mask,
from class_effect
inner join effect_property on effect_property.effect_nr = class_effect.effect_nr
group by class_effect.class_nr, effect_property.property_nr
