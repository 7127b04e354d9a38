-- what: what a hospital can answer: the failing rows and the macro findings
-- grain: one row per check, row and hospital
-- key: check_id, row_type, row_key, hf_orgnr
-- source: regulation §3.8
select
    check_id,
    row_type,
    row_key,
    hf_orgnr,
    value,
from check_row
union all
select
    check_id,
    row_type,
    row_key,
    hf_orgnr,
    cast(null as varchar) as value,
from macro_row
