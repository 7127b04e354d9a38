-- what: the units that are counted
-- grain: one row per counted unit
-- key: unit_type, unit_id
-- as: view
-- source: docs/published-tables.md
select
    'stay' as unit_type,
    stay_id as unit_id,
    patient_id,
    sector,
    hf_orgnr,
    residence_rhf_orgnr,
    month(end_date) as month,
from stay
-- PHV/TSB inpatient stays are left out (§3.2.3 c).
where not is_phv_inpatient
union all
select
    'service' as unit_type,
    service_id as unit_id,
    patient_id,
    sector,
    hf_orgnr,
    residence_rhf_orgnr,
    month(period_date) as month,
from service
where status = 'counted'
union all
select
    'pathway' as unit_type,
    pathway_id as unit_id,
    patient_id,
    sector,
    hf_orgnr,
    residence_rhf_orgnr,
    month(period_date) as month,
from pathway
