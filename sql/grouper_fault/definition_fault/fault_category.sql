-- what: codes with two categories, and codes of a pair that have none by themselves
-- grain: one row per row of `dg`
-- key: table_name, row_nr, column_name
-- source: docs/grouper.md, Definition tables: tables are refused; a key has at most one DGCAT, a code of a pair has its single row
with
given as (
    select
        row_nr,
        upper(replace(code, '.', '')) as code,
        upper(replace(d_code, '.', '')) as d_code,
        vartype,
        varval,
    from raw.dg
    -- Without one of the columns every row would be at fault.
    where not exists (select 1 from raw.missing_column where table_name = 'dg')
),

two_categories as (
    select code, d_code from given where vartype = 'DGCAT' group by code, d_code having count(distinct varval) > 1
),

has_category as (
    select code from given where vartype = 'DGCAT' and d_code is null
),

paired as (
    select row_nr, 'code' as column_name, code from given where d_code is not null
    union all
    select row_nr, 'd_code' as column_name, d_code as code from given where d_code is not null
)

select
    'dg' as table_name,
    given.row_nr,
    cast(null as varchar) as row_name,
    'varval' as column_name,
    given.varval as value,
    'is not the only category of ' || given.code || coalesce(' with ' || given.d_code, '') as fault,
    'Keep one DGCAT for the code' as remedy,
from given
inner join two_categories
    on two_categories.code = given.code and two_categories.d_code is not distinct from given.d_code
where given.vartype = 'DGCAT'
union all
select
    'dg' as table_name,
    paired.row_nr,
    cast(null as varchar) as row_name,
    paired.column_name,
    paired.code as value,
    'occurs in a pair and has no category as a single code' as fault,
    'Add its row DGCAT with an empty d_code' as remedy,
from paired
where paired.code not in (select code from has_category where code is not null)
