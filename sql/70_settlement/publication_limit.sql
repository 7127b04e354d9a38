-- what: the smallest number of patients that a published number may rest on
-- grain: one row
-- key: min_patients
-- as: view
-- source: delivery contract section 2; regulation §3.9
-- requires: 3.9
select ref.number('3.9', 'min_patients_published') as min_patients
