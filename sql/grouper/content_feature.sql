-- what: the contents with everything that scalar criteria ask for
-- grain: one row per distinct content
-- key: content_nr
-- source: grouper specification, features
with
operation as (
    select
        content_effect.content_nr,
        bool_or(effect.value = '1') as has_1,
        bool_or(effect.value = '2') as has_2,
    from content_effect
    inner join effect on effect.effect_nr = content_effect.effect_nr
    where effect.kind = 'operation'
    group by content_effect.content_nr
),

recoded as (
    select
        case_content.*,
        -- Organs of both sexes: the chapter of the case's sex; of an unknown sex it stays.
        coalesce(recoded_chapter.becomes || main_class.category[3:], main_class.category) as category,
    from case_content
    inner join main_class on main_class.main_nr = case_content.main_nr
    left join recoded_chapter
        on recoded_chapter.sex_state = case_content.sex_state
        and recoded_chapter.chapter = main_class.category[:2]
)

select
    recoded.content_nr,
    recoded.category,
    recoded.category[:2] as mdc,
    recoded.sex_state,
    recoded.discharge_state,
    recoded.age_days,
    recoded.duration,
    if(operation.has_1, 1, 0) + if(operation.has_2, 2, 0) as or_state,
    coalesce(content_level.level, 0) as level,
from recoded
left join operation on operation.content_nr = recoded.content_nr
left join content_level on content_level.content_nr = recoded.content_nr
