-- what: the ages that occur and the class of each
-- grain: one row per age in days
-- key: age_days
-- source: docs/grouper.md, In the settlement: age
with
met as (
    select age_days from unit_age where age_days is not null
    union
    select youngest as age_days from unit_age where youngest is not null
    union
    select oldest as age_days from unit_age where oldest is not null
)

select
    met.age_days,
    limit_class.class_nr,
from met
inner join limit_class
    on limit_class.kind = 'age'
    and met.age_days >= limit_class.lowest
    and met.age_days < limit_class.next_lowest
