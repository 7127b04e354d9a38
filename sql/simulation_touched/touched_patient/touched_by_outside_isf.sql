-- what: patients with a main condition that one of the sets has outside ISF, or replaces otherwise
-- grain: one row per patient and episode
-- key: patient_id
-- source: docs/regelverk.md 1; regulation §7.20, §8.5
with
changed as (
    select coalesce(before.icd10, after.icd10) as icd10
    from ref.non_isf_main_condition as before
    full outer join other.non_isf_main_condition as after on after.icd10 = before.icd10
    where (before.replacement_drg_som, before.replacement_drg_phvtsb)
        is distinct from (after.replacement_drg_som, after.replacement_drg_phvtsb)
)

select
    'outside_isf' as cause,
    patient_id,
from episode
where main_condition in (select icd10 from changed)
