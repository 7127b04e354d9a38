-- what: the contents that occur: cases that differ in nothing that a rule can see are grouped once
-- grain: one row per distinct content
-- key: content_nr
-- source: docs/grouper.md, How it is computed
with
content as (
    select
        main_nr,
        situation,
        set_nr,
        count(*) as cases,
    from case_key
    group by main_nr, situation, set_nr
)

select
    cast(row_number() over () as integer) as content_nr,
    content.main_nr,
    content.situation,
    content.set_nr,
    content.cases,
    content.situation & 3 as sex_state,
    content.situation >> 2 & 3 as discharge_state,
    age.lowest as age_days,
    duration.lowest as duration,
from content
inner join limit_class as age on age.kind = 'age' and age.class_nr = content.situation >> 16
inner join limit_class as duration
    on duration.kind = 'duration' and duration.class_nr = content.situation >> 4 & 4095
