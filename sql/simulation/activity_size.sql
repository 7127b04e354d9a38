-- what: how many patients the activity has
-- grain: one row
-- key: patients
-- keep: cube
-- source: docs/simulation.md
select count(distinct patient_id) as patients from stay
