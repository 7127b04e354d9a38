-- what: the classes of secondary diagnoses and procedures in each content, and that of its main diagnosis
-- grain: one row per content and class
-- key: content_nr, class_nr
-- source: docs/grouper.md, How a rule is matched: features
-- column class_nr: of main diagnoses below 0
with
class_of_larger as (
    select distinct
        set_nr,
        unnest(classes) as class_nr,
    from larger_set
)

select
    content_nr,
    cast(set_nr >> 32 as integer) as class_nr,
from case_content
where set_nr > 0
union all
select
    content_nr,
    cast(set_nr & 4294967295 as integer) as class_nr,
from case_content
where set_nr > 0 and set_nr & 4294967295 <> set_nr >> 32
union all
select
    case_content.content_nr,
    class_of_larger.class_nr,
from case_content
inner join class_of_larger on class_of_larger.set_nr = case_content.set_nr
union all
select
    content_nr,
    -main_nr as class_nr,
from case_content
where main_nr > 0
