-- what: the properties of procedure codes
-- grain: one row per code and property
-- key: code, vartype, varval
-- source: docs/grouper.md, Definition tables: codes are compared in upper case and without dots
select distinct
    upper(replace(code, '.', '')) as code,
    vartype,
    varval,
from raw.proc
