-- what: the procedures of the cases with another birthday
-- grain: one row per procedure
-- key: none, a code may be reported several times
-- source: docs/grouper.md, In the settlement: three results
select
    birthday_case.case_nr,
    case_procedure.code,
from case_procedure
inner join birthday_case on birthday_case.unit_nr = case_procedure.case_nr
