-- what: patients with a prescription line that matches a changed row of the medicine table
-- grain: one row per patient and line
-- key: patient_id
-- source: docs/regelverk.md 4 (b); regulation §7.7
with
changed as (
    (
        select priority, stg, atc_prefix, icd10_prefix from ref.stg_medicine
        except
        select priority, stg, atc_prefix, icd10_prefix from other.stg_medicine
    )
    union
    (
        select priority, stg, atc_prefix, icd10_prefix from other.stg_medicine
        except
        select priority, stg, atc_prefix, icd10_prefix from ref.stg_medicine
    )
)

select
    'medicine' as cause,
    line.patient_id,
from prescription as line
inner join changed
    on (changed.atc_prefix = '*' or starts_with(line.atc, changed.atc_prefix))
    and (changed.icd10_prefix = '*' or starts_with(line.indication, changed.icd10_prefix))
