-- what: dispensings of the tertial that are registered after the first delivery
-- grain: one row per line_nr
-- key: line_nr
-- source: docs/synthetic-data.md
select
    line_nr,
    "utleveringID",
    hf
from hresept where in_tertial and u(lk, 'late') < $late_registration order by line_nr
