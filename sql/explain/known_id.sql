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
-- Rows that could not be used (all of landing.quarantine, or those looked at) are found by what they call themselves.
select unnest([row_content ->> '$.episodeID', row_content ->> '$.utleveringID', row_content ->> '$.enhetID']) as id
from quarantined_row
