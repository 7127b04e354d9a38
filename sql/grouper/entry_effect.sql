-- what: what each diagnosis that occurs does to a group: that of both its codes and that of the pair together
-- grain: one row per diagnosis and effect
-- key: entry_nr, effect_nr
-- source: docs/grouper.md, How a rule is matched: properties of a diagnosis: the pair adds, it does not replace
with
looked_up as (
    select entry_nr, code, '' as d_code from diagnosis_entry
    union all
    select entry_nr, second_code as code, '' as d_code from diagnosis_entry where second_code <> ''
    union all
    select entry_nr, second_code as code, code as d_code from diagnosis_entry where second_code <> ''
),

direct as (
    select distinct
        looked_up.entry_nr,
        diagnosis_effect.effect_nr,
        diagnosis_effect.kind,
        diagnosis_effect.value,
    from looked_up
    inner join diagnosis_effect
        on diagnosis_effect.code = looked_up.code and diagnosis_effect.d_code = looked_up.d_code
)

select entry_nr, effect_nr, kind, value from direct
union all
-- An operation that does not itself give the property of the rule that wants no other one.
select
    direct.entry_nr,
    effect.effect_nr,
    effect.kind,
    effect.value,
from direct
inner join effect on effect.kind = 'other_operation'
where direct.kind = 'operation'
    and direct.value = '1'
    and (direct.entry_nr, effect.value) not in (select (entry_nr, value) from direct where kind = 'procedure')
