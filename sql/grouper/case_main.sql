-- what: the class of each case's main diagnosis
-- grain: one row per case that has a main diagnosis
-- key: case_nr
-- source: docs/grouper.md, How a rule is matched: features
with
entry_class as (
    select
        diagnosis_entry.code,
        diagnosis_entry.second_code,
        main_class.main_nr,
    from main_entry
    inner join main_class
        on main_class.category = main_entry.category
        and main_class.effects = main_entry.effects
        and main_class.struck = main_entry.struck
    inner join diagnosis_entry on diagnosis_entry.entry_nr = main_entry.entry_nr
)

select
    case_diagnosis.case_nr,
    entry_class.main_nr,
from case_diagnosis
inner join entry_class
    on entry_class.code = case_diagnosis.code and entry_class.second_code = case_diagnosis.second_code
where case_diagnosis.is_main
