-- what: main diagnoses by what rules can see of them as main diagnosis: category, chapter and own properties
-- grain: one row per class of main diagnoses and state of sex
-- key: main_nr, sex_state
-- source: docs/grouper.md, How a rule is matched: category and MDC of the main diagnosis
with
own as (
    select
        -class_nr as main_nr,
        list(effect_nr order by effect_nr) as properties,
    from class_effect
    where class_nr < 0 and kind = 'main'
    group by class_nr
),

recoded as (
    select
        main_class.main_nr,
        sex.sex_state,
        -- Organs of both sexes: the chapter of the case's sex; of an unknown sex it stays.
        coalesce(recoded_chapter.becomes || main_class.category[3:], main_class.category) as category,
        coalesce(own.properties, []) as properties,
    from main_class
    cross join (select unnest([0, 1, 2]) as sex_state) as sex
    left join recoded_chapter
        on recoded_chapter.sex_state = sex.sex_state and recoded_chapter.chapter = main_class.category[:2]
    left join own on own.main_nr = main_class.main_nr
)

select
    main_nr,
    sex_state,
    cast(dense_rank() over (order by category, properties) as integer) as kind_nr,
    category,
    category[:2] as mdc,
from recoded
