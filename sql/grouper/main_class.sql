-- what: main diagnoses that no rule tells apart; class 0 is none at all, or one that no table knows
-- grain: one row per class
-- key: main_nr
-- source: docs/grouper.md, How a rule is matched: features
with
nothing as (
    select
        '' as category,
        cast([] as integer[]) as effects,
        cast([] as varchar[]) as struck,
),

met as (
    select category, effects, struck from main_entry
    except
    select category, effects, struck from nothing
)

select
    cast(row_number() over () as integer) as main_nr,
    category,
    effects,
    struck,
from met
union all
select
    0 as main_nr,
    category,
    effects,
    struck,
from nothing
