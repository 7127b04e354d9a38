-- what: the age of each stay or episode in days: as delivered, else from the birth year, with the span it may lie in
-- grain: one row per stay or episode
-- key: unit_nr
-- source: docs/grouper.md, In the settlement: age
-- column age_days: missing where neither age nor birth year is known
-- column youngest: born on the last day of the year, oldest: on the first; missing where the age is delivered
with
birth as (
    select
        unit_nr,
        start_date - make_date(birth_year, ref.number('7.18', 'grouping_birth_month'), 1) as assumed,
        start_date - make_date(birth_year, 12, 31) as youngest,
        start_date - make_date(birth_year, 1, 1) as oldest,
    from unit_fact
    where birth_year is not null and coalesce(age_reported, -1) < 0
)

select
    unit_fact.unit_nr,
    case
        when unit_fact.age_reported >= 0 then cast(least(unit_fact.age_reported, 2000000000) as integer)
        when newborn_unit.unit_nr is not null then 0
        -- Nobody is younger than born.
        when birth.unit_nr is not null then greatest(birth.assumed, 0)
    end as age_days,
    if(birth.unit_nr is not null, greatest(birth.youngest, 0), null) as youngest,
    if(birth.unit_nr is not null, greatest(birth.oldest, 0), null) as oldest,
from unit_fact
left join birth on birth.unit_nr = unit_fact.unit_nr
left join newborn_unit on newborn_unit.unit_nr = unit_fact.unit_nr
