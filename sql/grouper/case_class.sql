-- what: the classes of each case's secondary diagnoses and procedures, as far as they matter
-- grain: one row per reported code that matters, and per class of procedures of which there must be a second one
-- key: none, a class may occur several times on a case
-- source: docs/grouper.md, How a rule is matched: features
with
reported as (
    select
        case_diagnosis.case_nr,
        code_class.class_nr,
    from case_diagnosis
    inner join code_class
        on code_class.code = case_diagnosis.code and code_class.second_code = case_diagnosis.second_code
    where not case_diagnosis.is_main and not code_class.is_procedure
    union all
    select
        case_procedure.case_nr,
        code_class.class_nr,
    from case_procedure
    inner join code_class on code_class.code = case_procedure.code
    where code_class.is_procedure
)

select case_nr, class_nr from reported
union all
select
    case_procedure.case_nr,
    double_class.again_nr as class_nr,
from case_procedure
inner join code_class on code_class.code = case_procedure.code and code_class.is_procedure
inner join double_class on double_class.class_nr = code_class.class_nr
group by case_procedure.case_nr, double_class.again_nr
having count(*) > 1
