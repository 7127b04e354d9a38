-- What:  Dispensings of the tertial that are registered after the first delivery.
-- Key:   line_nr
select line_nr, "utleveringID", hf from hresept where in_tertial and u(lk, 'late') < $late_registration order by line_nr
