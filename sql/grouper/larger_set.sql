-- what: the larger sets of classes that occur, each with a number; lists that differ in repetitions are one set
-- grain: one row per list of classes
-- key: many
-- source: docs/grouper.md, How a rule is matched: features: order and repetition never matter
-- column set_nr: below 0, so that it is never the number of a small set
with
listed as (
    select
        many,
        list_sort(list_distinct(many)) as classes,
    from (select distinct many from case_set where many is not null) as met
)

select
    many,
    classes,
    -dense_rank() over (order by classes) as set_nr,
from listed
