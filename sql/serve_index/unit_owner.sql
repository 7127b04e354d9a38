-- what: whose a unit is, and where the patient lives
-- grain: one row per unit of a patient
-- key: unit_type, unit_id
-- as: view
-- source: docs/serve.md
select
    'stay' as unit_type,
    stay_id as unit_id,
    hash(patient_id) as owner,
    municipality_number,
from stay
union all
select
    'service' as unit_type,
    service_id as unit_id,
    hash(patient_id) as owner,
    municipality_number,
from service
union all
select
    'pathway' as unit_type,
    pathway_id as unit_id,
    hash(patient_id) as owner,
    municipality_number,
from pathway
