-- what: every id that `isf explain` finds something by
-- grain: one row per id
-- key: id
-- as: view
-- source: docs/regelverk.md 0
select episode_id as id from episode
union
select patient_id as id from episode
union
select service_id as id from service
union
select candidate_id as id from service_candidate
union
select pathway_id as id from pathway
union
select dispensing_id as id from prescription
union
select patient_id as id from prescription
union
select residence_rhf_orgnr as id from regional_deduction
union
-- Rows that could not be used (all of landing.quarantine, or those looked at) are found by what they call themselves and
-- their patient, and by their place.
select unnest([row_id, patient_id, file || ':' || line]) as id
from quarantined_row
