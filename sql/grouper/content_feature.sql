-- what: the contents with everything that scalar criteria ask for
-- grain: one row per distinct content
-- key: content_nr
-- source: docs/grouper.md, How a rule is matched: features
with
-- Of main diagnosis, secondary ones and procedures together.
state as (
    select
        content_class.content_nr,
        bit_or(class_state.or_state) as or_state,
        max(class_state.level) as level,
    from content_class
    inner join class_state on class_state.class_nr = content_class.class_nr
    group by content_class.content_nr
),

complicated as (
    select content_nr, max(level) as level
    from content_complication
    where verdict = 'counts'
    group by content_nr
)

select
    case_content.content_nr,
    main_kind.kind_nr,
    main_kind.category,
    main_kind.mdc,
    case_content.sex_state,
    case_content.discharge_state,
    case_content.age_days,
    case_content.duration,
    coalesce(state.or_state, 0) as or_state,
    -- The highest of the counting categories and of the procedures' own.
    greatest(coalesce(state.level, 0), coalesce(complicated.level, 0)) as level,
from case_content
inner join main_kind
    on main_kind.main_nr = case_content.main_nr and main_kind.sex_state = case_content.sex_state
left join state on state.content_nr = case_content.content_nr
left join complicated on complicated.content_nr = case_content.content_nr
