-- what: patients of stays with day points that differ
-- grain: one row per patient and stay
-- key: patient_id
-- source: docs/regelverk.md 3, 7.2.1; regulation §7.2.1
with
changed as (
    (from ref.rehab_day except from other.rehab_day)
    union
    (from other.rehab_day except from ref.rehab_day)
)

select
    'rehabilitation' as cause,
    patient_id,
from stay
where drg in (select drg from changed)
