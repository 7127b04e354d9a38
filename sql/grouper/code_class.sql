-- what: secondary diagnoses and procedures by what they do to a group; one that does nothing is left out
-- grain: one row per diagnosis or procedure that occurs
-- key: is_procedure, code, second_code
-- source: docs/grouper.md, How a rule is matched: features: nothing is counted, only what is present matters
with
effects as (
    select
        false as is_procedure,
        diagnosis_entry.code,
        diagnosis_entry.second_code,
        list(entry_effect.effect_nr order by entry_effect.effect_nr) as effects,
    from entry_effect
    inner join diagnosis_entry on diagnosis_entry.entry_nr = entry_effect.entry_nr
    -- What only a main diagnosis gives.
    where entry_effect.kind <> 'main'
    group by diagnosis_entry.code, diagnosis_entry.second_code
    union all
    select
        true as is_procedure,
        code,
        '' as second_code,
        list(effect_nr order by effect_nr) as effects,
    from procedure_effect
    group by code
)

select
    is_procedure,
    code,
    second_code,
    effects,
    cast(dense_rank() over (order by is_procedure, effects) as integer) as class_nr,
from effects
