-- what: the procedures of each case
-- grain: one row per procedure
-- key: none, a code may be repeated
-- source: docs/grouper.md, A case: codes in upper case and without dots
with
listed as (
    select
        case_nr,
        unnest(procedures) as code,
    from case_field
)

select
    case_nr,
    upper(trim(replace(code, '.', ''))) as code,
from listed
where trim(replace(code, '.', '')) <> ''
