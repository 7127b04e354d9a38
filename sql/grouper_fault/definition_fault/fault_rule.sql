-- what: rules without an id of their own, without a DRG, or with a return code that is not known
-- grain: one row per fault of a rule
-- key: table_name, row_nr, column_name
-- source: docs/grouper.md, Definition tables: (`ord` is the key) and the table of return codes
with
repeated as (
    select ord from raw.drglogic group by ord having count(*) > 1
)

select
    'drglogic' as table_name,
    row_nr,
    'rule ' || ord as row_name,
    'ord' as column_name,
    ord as value,
    if(ord is null, 'is empty', 'is the id of another rule too') as fault,
    'Give each rule an id of its own: the rules are tried in the order of their ids' as remedy,
from raw.drglogic
where ord is null or ord in (select ord from repeated)
union all
select
    'drglogic' as table_name,
    row_nr,
    'rule ' || ord as row_name,
    'drg' as column_name,
    drg as value,
    'is empty' as fault,
    'Write the DRG that the rule gives' as remedy,
from raw.drglogic
where drg is null
union all
select
    'drglogic' as table_name,
    row_nr,
    'rule ' || ord as row_name,
    'rtc' as column_name,
    rtc as value,
    'is not a known return code' as fault,
    'Known: ' || (select string_agg(return_code, ', ' order by return_code) from return_code) as remedy,
from raw.drglogic
where coalesce(rtc, '') not in (select return_code from return_code)
union all
select
    'drglogic' as table_name,
    row_nr,
    cast(null as varchar) as row_name,
    column_name,
    value,
    'does not begin with a letter or a digit' as fault,
    'Write an id or a DRG' as remedy,
from (unpivot raw.drglogic on ord, drg, loc_drg into name column_name value value) as named
where not regexp_full_match(value, '[0-9A-Za-z].*')
