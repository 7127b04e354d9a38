-- what: whose every id is that `isf explain` finds something by, upper and lower case alike
-- grain: one row per id and owner
-- key: spelling, owner
-- source: docs/serve.md
-- column spelling: hash of the id in lower case
with
known as (
    select hash(lower(episode_id)) as spelling, hash(patient_id) as owner from episode
    union all
    select hash(lower(service_id)) as spelling, hash(patient_id) as owner from service
    union all
    select hash(lower(pathway_id)) as spelling, hash(patient_id) as owner from pathway
    union all
    select hash(lower(dispensing_id)) as spelling, hash(patient_id) as owner from prescription
    union all
    -- Candidates that are neither episodes nor prescriptions have an id of their own.
    select hash(lower(candidate_id)) as spelling, hash(patient_id) as owner
    from service_candidate
    where candidate_kind <> 'episode'
    union all
    select hash(lower(patient_id)) as spelling, hash(patient_id) as owner from (
        select patient_id from episode
        union
        select patient_id from prescription
    )
    union all
    -- A region's deduction is its own.
    select hash(lower(residence_rhf_orgnr)) as spelling, hash(residence_rhf_orgnr) as owner from regional_deduction
    union all
    select hash(lower(id)) as spelling, hash(lower(id)) as owner from quarantined_id
)

select distinct
    spelling,
    owner,
from known
order by spelling, owner
