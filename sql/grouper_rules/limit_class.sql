-- what: the classes of age and duration that no rule tells apart inside
-- grain: one row per kind and class
-- key: kind, class_nr
-- source: docs/grouper.md, How a rule is matched: strictly less or greater, in days
-- column lowest: the lowest value of the class, which stands for all of them
with
first_value_of_class as (
    select 'age' as kind, age_over + 1 as lowest from drg_rule
    union
    select 'age' as kind, age_under as lowest from drg_rule
    union
    select 'age' as kind, -2000000000000 as lowest
    union
    select 'duration' as kind, duration_over + 1 as lowest from drg_rule
    union
    select 'duration' as kind, duration_under as lowest from drg_rule
    union
    select 'duration' as kind, -2000000000000 as lowest
)

select
    kind,
    cast(row_number() over (partition by kind order by lowest) as integer) as class_nr,
    lowest,
    -- The lowest value of the next class.
    lead(lowest, 1, 2000000000000) over (partition by kind order by lowest) as next_lowest,
from first_value_of_class
