-- what: cases of unknown birthday, again, born on the last and on the first day of the year, where a limit lies between
-- grain: one row per case and other birthday
-- key: case_nr
-- source: docs/grouper.md, In the settlement: three results
with
spanned as (
    select unit_nr, age_days, youngest as other_age, 0 as is_oldest from unit_age where youngest is not null
    union all
    select unit_nr, age_days, oldest as other_age, 1 as is_oldest from unit_age where oldest is not null
),

parted as (
    select spanned.*
    from spanned
    inner join age_met as as_grouped on as_grouped.age_days = spanned.age_days
    inner join age_met as other on other.age_days = spanned.other_age
    where other.class_nr <> as_grouped.class_nr
)

select
    parted.unit_nr * 2 + parted.is_oldest as case_nr,
    parted.unit_nr,
    drg_case.sex,
    drg_case.discharge,
    parted.other_age as age_days,
    drg_case.duration,
from parted
inner join drg_case on drg_case.case_nr = parted.unit_nr
