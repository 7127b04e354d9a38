-- what: the stays or episodes that can be grouped, as cases: age and length are known, and the logic knows the sector
-- grain: one row per case
-- key: case_nr
-- source: docs/grouper.md, In the settlement: in production nothing is grouped with an age it does not know
select
    unit_fact.unit_nr as case_nr,
    unit_fact.sex,
    unit_fact.discharge,
    unit_age.age_days,
    unit_fact.duration,
from unit_fact
inner join unit_age on unit_age.unit_nr = unit_fact.unit_nr
where unit_age.age_days is not null
    and unit_fact.duration is not null
    and unit_fact.sector in (select sector from grouped_sector)
