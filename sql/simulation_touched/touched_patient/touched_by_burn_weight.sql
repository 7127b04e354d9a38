-- what: patients of stays with a burn weight, where it or the base points it replaces differ
-- grain: one row per patient and stay
-- key: patient_id
-- source: docs/regelverk.md 3, 7.11; regulation §7.11
with
changed as (
    select drg from changed_drg where has_other_base_points
    union
    (select drg from ref.burn_weight except select drg from other.burn_weight)
    union
    select after.drg
    from other.burn_weight as after
    left join ref.burn_weight as before on before.drg = after.drg
    where before.weight is distinct from after.weight
)

select
    'burn_weight' as cause,
    stay.patient_id,
from stay
where stay.hf_orgnr in (from ref.codes('7.11', 'haukeland_hf'))
    and stay.drg in (select drg from changed)
    and stay.drg in (select drg from ref.burn_weight union select drg from other.burn_weight)
