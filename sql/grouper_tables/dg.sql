-- what: the properties of diagnosis codes, alone or as the asterisk code of a pair
-- grain: one row per code, dagger code and property
-- key: code, d_code, vartype, varval
-- source: docs/grouper.md, Definition tables: codes are compared in upper case and without dots
select distinct
    upper(replace(code, '.', '')) as code,
    upper(replace(d_code, '.', '')) as d_code,
    vartype,
    varval,
from raw.dg
