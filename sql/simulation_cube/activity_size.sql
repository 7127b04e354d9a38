-- what: how many patients the activity has
-- grain: one row
-- key: patients
-- source: docs/simulation.md
select count(distinct patient_id) as patients from stay
