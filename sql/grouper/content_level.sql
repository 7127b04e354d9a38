-- what: the CC level of each content that has one
-- grain: one row per content with level 1 or 2
-- key: content_nr
-- source: grouper specification, CC level: the highest of the counting categories and of the procedures' own
with
found as (
    select content_nr, level from content_complication where verdict = 'counts'
    union all
    select content_class.content_nr, cast(class_effect.value as integer) as level
    from content_class
    inner join class_effect on class_effect.class_nr = content_class.class_nr and class_effect.kind = 'level'
)

select
    content_nr,
    max(level) as level,
from found
group by content_nr
