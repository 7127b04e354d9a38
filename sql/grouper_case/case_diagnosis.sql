-- what: the diagnoses of each case; a place without a first code is empty, whatever its second says
-- grain: one row per diagnosis
-- key: case_nr, place
-- source: docs/grouper.md, A case: codes in upper case and without dots
-- column is_main: the first place; where that is empty there is no main diagnosis
with
placed as (
    select
        case_nr,
        generate_subscripts(diagnoses, 1) as place,
        unnest(diagnoses) as diagnosis,
    from case_field
)

select
    case_nr,
    cast(place as integer) as place,
    place = 1 as is_main,
    upper(trim(replace(diagnosis.code, '.', ''))) as code,
    upper(trim(replace(diagnosis.second_code, '.', ''))) as second_code,
from placed
where trim(replace(diagnosis.code, '.', '')) <> ''
