-- what: patients where they were treated: with an episode in the basis for ISF, or with a counted special service
-- grain: one row per sector, trust and patient
-- key: sector, hf_orgnr, patient_id
-- source: assumption `patients` of the year's scheme
with
treated as (
    select sector, hf_orgnr, patient_id from episode where reason = 'included'
    union
    select sector, hf_orgnr, patient_id from service where status = 'counted'
)

select
    treated.sector,
    region.rhf_orgnr,
    treated.hf_orgnr,
    treated.patient_id,
from treated
inner join treating_region as region on region.hf_orgnr = treated.hf_orgnr
