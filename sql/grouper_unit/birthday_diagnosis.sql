-- what: the diagnoses of the cases with another birthday
-- grain: one row per diagnosis
-- key: none, a diagnosis may be reported several times
-- source: docs/grouper.md, In the settlement: three results
select
    birthday_case.case_nr,
    case_diagnosis.is_main,
    case_diagnosis.code,
    case_diagnosis.second_code,
from case_diagnosis
inner join birthday_case on birthday_case.unit_nr = case_diagnosis.case_nr
