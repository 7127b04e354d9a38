-- what: rows on complications that would never be looked at
-- grain: one row per row of `complcat` or `complexcl` and column
-- key: table_name, row_nr, column_name
-- source: docs/grouper.md, How a rule is matched: CC level: exclusions are of C and G categories, an activating property of I and J
select
    'complexcl' as table_name,
    row_nr,
    cast(null as varchar) as row_name,
    'compl' as column_name,
    compl as value,
    'is not a complication category that can be excluded' as fault,
    'Its third character is C or G' as remedy,
from raw.complexcl
where not regexp_full_match(coalesce(compl, ''), '[0-9A-Za-z]{2}[CG][0-9A-Za-z]+')
union all
select
    'complexcl' as table_name,
    row_nr,
    cast(null as varchar) as row_name,
    'code' as column_name,
    code as value,
    'is empty' as fault,
    'Write the main diagnosis that the category does not complicate' as remedy,
from raw.complexcl
where code is null
union all
select
    'complcat' as table_name,
    row_nr,
    cast(null as varchar) as row_name,
    'compl' as column_name,
    compl as value,
    'has an activating property and is not an inactive category' as fault,
    'The third character of a category that is activated is I or J' as remedy,
from raw.complcat
where inclprop is not null and not regexp_full_match(coalesce(compl, ''), '[0-9A-Za-z]{2}[IJ][0-9A-Za-z]+')
union all
select
    'complcat' as table_name,
    row_nr,
    cast(null as varchar) as row_name,
    'inclprop' as column_name,
    inclprop as value,
    'is not a property' as fault,
    'Write letters and digits, or nothing' as remedy,
from raw.complcat
where not regexp_full_match(coalesce(inclprop, 'none'), '[0-9A-Za-z]+')
union all
select
    'drgnames' as table_name,
    row_nr,
    cast(null as varchar) as row_name,
    'drg' as column_name,
    drg as value,
    'is empty' as fault,
    'Write the DRG' as remedy,
from raw.drgnames
where drg is null
