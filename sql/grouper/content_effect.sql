-- what: what the main diagnosis and the classes of each content do to its group, complications left out
-- grain: one row per content and effect
-- key: content_nr, effect_nr
-- source: grouper specification, features
-- as: view
with
main_effect as (
    select main_nr, unnest(effects) as effect_nr from main_class
),

asked as (
    select effect_nr from effect where kind not in ('complication', 'level')
)

select
    case_content.content_nr,
    main_effect.effect_nr,
from case_content
inner join main_effect on main_effect.main_nr = case_content.main_nr
union all
select
    content_class.content_nr,
    class_effect.effect_nr,
from content_class
inner join class_effect on class_effect.class_nr = content_class.class_nr
where class_effect.effect_nr in (select effect_nr from asked)
