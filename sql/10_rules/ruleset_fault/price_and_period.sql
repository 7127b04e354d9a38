-- what: prices that are missing, tertials that are not 1, 2 and 3, and periods outside the activity year
-- grain: one row per fault; no rows when all is well
-- key: place, fault
-- source: regulation §3.1, §3.5, §3.10
select
    'unit_price.csv' as place,
    'sector ' || wanted.sector || ' has no price' as fault,
    'Add its row.' as remedy,
from (values ('SOM'), ('PHVTSB')) as wanted(sector)
where wanted.sector not in (select sector from ref.unit_price where sector is not null)
union all
select
    'delivery_period.csv' as place,
    'the tertials must be 1, 2 and 3' as fault,
    'Give one row for each.' as remedy,
where (select list(coalesce(tertial, 0) order by tertial) from ref.delivery_period) is distinct from [1, 2, 3]
union all
select
    period.place,
    period.name || ' ' || period.value || ' is not in the activity year ' || ruleset.activity_year as fault,
    'Give the periods of the year.' as remedy,
from (
    select place, 'period_from' as name, period_from as value from ref.delivery_period
    union all
    select place, 'period_to', period_to from ref.delivery_period
) as period
cross join ref.ruleset as ruleset
where year(period.value) <> ruleset.activity_year
