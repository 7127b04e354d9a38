-- what: the classes of secondary diagnoses and procedures in each content
-- grain: one row per content and class
-- key: content_nr, class_nr
-- source: grouper specification, features
select
    content_nr,
    cast(few >> 32 as integer) as class_nr,
from case_content
where few <> 0
union all
select
    content_nr,
    cast(few & 4294967295 as integer) as class_nr,
from case_content
where few <> 0 and few & 4294967295 <> few >> 32
union all
select
    content_nr,
    unnest(many) as class_nr,
from case_content
where many is not null
