-- what: patients with a changed unit in either delivery: nobody else is looked at further
-- grain: one row per patient
-- key: patient_id
-- source: regulation §3.5
with
unit as (
    select 'stay' as unit_type, stay_id as unit_id, patient_id from again.stay
    union all
    select 'stay' as unit_type, stay_id as unit_id, patient_id from later.stay
    union all
    select 'service' as unit_type, service_id as unit_id, patient_id from again.service
    union all
    select 'service' as unit_type, service_id as unit_id, patient_id from later.service
    union all
    select 'pathway' as unit_type, pathway_id as unit_id, patient_id from again.pathway
    union all
    select 'pathway' as unit_type, pathway_id as unit_id, patient_id from later.pathway
)

select distinct unit.patient_id
from unit
inner join changed_unit on changed_unit.unit_type = unit.unit_type and changed_unit.unit_id = unit.unit_id
