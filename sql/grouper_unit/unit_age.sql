-- what: the age of each stay or episode in days: as delivered, else from the birth year, with the span it may lie in
-- grain: one row per stay or episode
-- key: unit_nr
-- source: grouper specification, the delivery's columns: age
-- column age_days: missing where neither age nor birth year is known
with
parameter as (
    select max(number) as birth_month from ref.parameter where rule = '7.18' and parameter = 'grouping_birth_month'
)

select
    unit_fact.unit_nr,
    case
        when unit_fact.age_reported >= 0 then cast(least(unit_fact.age_reported, 2000000000) as integer)
        when newborn_unit.unit_nr is not null then 0
        else greatest(unit_fact.start_date - make_date(unit_fact.birth_year, parameter.birth_month, 1), 0)
    end as age_days,
    -- Born on the last and on the first day of the year.
    if(
        unit_fact.age_reported >= 0,
        null,
        greatest(unit_fact.start_date - make_date(unit_fact.birth_year, 12, 31), 0)
    ) as youngest,
    if(
        unit_fact.age_reported >= 0,
        null,
        greatest(unit_fact.start_date - make_date(unit_fact.birth_year, 1, 1), 0)
    ) as oldest,
from unit_fact
cross join parameter
left join newborn_unit on newborn_unit.unit_nr = unit_fact.unit_nr
