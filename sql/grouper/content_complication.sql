-- what: the complication categories that each content's secondary diagnoses give, and whether they count
-- grain: one row per content and category
-- key: content_nr, given
-- source: docs/grouper.md, How a rule is matched: CC level
-- column verdict: counts, struck (the main diagnosis's own, or excluded for it) or inactive
with
complication as (
    select
        class_nr,
        value as given,
        value[:2] || if(value[3] in ('C', 'I'), 'C', 'G') || value[4:] as category,
        if(value[3] in ('C', 'I'), 1, 2) as level,
        value[3] in ('I', 'J') as needs_activation,
    from class_effect
    where kind = 'complication'
),

present as (
    select distinct
        content_class.content_nr,
        complication.* exclude (class_nr),
    from content_class
    inner join complication on complication.class_nr = content_class.class_nr
),

-- Its own categories, and those that the exclusion table takes away.
struck as (
    select main_nr, unnest(struck) as category from main_class
),

activating as (
    select
        present.content_nr,
        present.given,
        complcat.inclprop,
    from present
    inner join definition.complcat as complcat on complcat.compl = present.given
    where present.needs_activation and complcat.inclprop is not null
),

-- By a diagnosis property of a procedure or of a diagnosis other than the main one, after recoding by sex.
activated as (
    select distinct
        activating.content_nr,
        activating.given,
    from activating
    inner join case_content on case_content.content_nr = activating.content_nr
    inner join content_class on content_class.content_nr = activating.content_nr
    inner join class_effect
        on class_effect.class_nr = content_class.class_nr
        and class_effect.kind = 'diagnosis'
        -- Below 0 is the main diagnosis.
        and class_effect.class_nr > 0
    left join recoding
        on recoding.property = class_effect.value and recoding.sex_state = case_content.sex_state
    where coalesce(recoding.becomes, class_effect.value) = activating.inclprop
)

select
    present.content_nr,
    present.given,
    present.level,
    case
        when struck.main_nr is not null then 'struck'
        when present.needs_activation and activated.content_nr is null then 'inactive'
        else 'counts'
    end as verdict,
from present
inner join case_content on case_content.content_nr = present.content_nr
left join struck on struck.main_nr = case_content.main_nr and struck.category = present.category
left join activated on activated.content_nr = present.content_nr and activated.given = present.given
