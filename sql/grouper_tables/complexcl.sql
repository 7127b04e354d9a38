-- what: main diagnoses, alone or as a pair, that a complication category does not complicate
-- grain: one row per category and main diagnosis
-- key: compl, code, d_code
-- source: docs/grouper.md, Definition tables: codes are compared in upper case and without dots
select distinct
    compl,
    upper(replace(code, '.', '')) as code,
    upper(replace(d_code, '.', '')) as d_code,
from raw.complexcl
