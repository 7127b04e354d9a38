-- what: the classes on each case; one or two are written in one number, a larger set is a list
-- grain: one row per case with a code that matters beside its main diagnosis
-- key: case_nr
-- source: docs/grouper.md, How a rule is matched: features: order and repetition never matter
-- column few: lowest and highest class in one number; missing where there are more
-- column many: the classes in order, repeated as they are reported
with
bound as (
    select
        case_nr,
        min(class_nr) as lowest,
        max(class_nr) as highest,
        count(*) as reported,
    from case_class
    group by case_nr
),

larger as (
    select
        case_nr,
        list(class_nr order by class_nr) as classes,
    from case_class
    where case_nr in (select case_nr from bound where reported > 2 and lowest < highest)
    group by case_nr
)

select
    case_nr,
    cast(lowest as bigint) << 32 | highest as few,
    cast(null as integer[]) as many,
from bound
where reported <= 2 or lowest = highest
union all
select
    case_nr,
    cast(null as bigint) as few,
    classes as many,
from larger
