-- what: the diagnoses that occur: a code by itself, or a dagger code with its asterisk code
-- grain: one row per pair of codes
-- key: entry_nr
-- source: docs/grouper.md, How a rule is matched: properties of a diagnosis
select
    cast(row_number() over () as integer) as entry_nr,
    code,
    second_code,
from (select distinct code, second_code from case_diagnosis) as reported
