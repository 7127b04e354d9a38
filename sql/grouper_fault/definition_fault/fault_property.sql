-- what: rows of the code tables that give a property of an unknown kind or value
-- grain: one row per row of `dg` or `proc` and column
-- key: table_name, row_nr, column_name
-- source: docs/grouper.md, Definition tables: which kinds there are, and their values
with
given as (
    select 'dg' as table_name, row_nr, code, vartype, varval from raw.dg
    union all
    select 'proc' as table_name, row_nr, code, vartype, varval from raw.proc
),

property_form as (
    select *
    from (
        values
        ('dg', 'DGCAT', '[0-9A-Za-z]{3,}', 'a category of three characters or more, the first two of them its chapter'),
        ('dg', 'MDC', '[0-9A-Za-z]{2}', 'a chapter of two characters'),
        ('dg', 'PDGPRO', '[0-9A-Za-z]+', 'letters and digits'),
        ('dg', 'DGPROP', '[0-9A-Za-z]+', 'letters and digits'),
        ('dg', 'COMPL', '[0-9A-Za-z]{2}[CGIJ][0-9A-Za-z]+', 'a complication category, its third character C, G, I or J'),
        ('dg', 'OR', '[12]', '1 or 2'),
        ('dg', 'PROCPR', '[0-9A-Za-z]+', 'letters and digits'),
        ('proc', 'PROCPR', '[0-9A-Za-z]+', 'letters and digits'),
        ('proc', 'DGPROP', '[0-9A-Za-z]+', 'letters and digits'),
        ('proc', 'OR', '[12]', '1 or 2'),
        ('proc', 'CC', '[12]', '1 or 2')
    ) as form(table_name, vartype, pattern, known)
)

select
    given.table_name,
    given.row_nr,
    cast(null as varchar) as row_name,
    'code' as column_name,
    given.code as value,
    'is empty' as fault,
    'Write the code that has the property, or take the row away' as remedy,
from given
where given.code is null
union all
select
    given.table_name,
    given.row_nr,
    cast(null as varchar) as row_name,
    'vartype' as column_name,
    given.vartype as value,
    'is not a known kind of property' as fault,
    'Known: ' || (
        select string_agg(form.vartype, ', ' order by form.vartype)
        from property_form as form
        where form.table_name = given.table_name
    ) as remedy,
from given
where (given.table_name, coalesce(given.vartype, '')) not in (select (table_name, vartype) from property_form)
union all
select
    given.table_name,
    given.row_nr,
    cast(null as varchar) as row_name,
    'varval' as column_name,
    given.varval as value,
    'is not a value of ' || given.vartype as fault,
    'Known: ' || property_form.known as remedy,
from given
inner join property_form
    on property_form.table_name = given.table_name and property_form.vartype = given.vartype
where not regexp_full_match(coalesce(given.varval, ''), property_form.pattern)
