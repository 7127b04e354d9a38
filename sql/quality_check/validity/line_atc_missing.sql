-- what: H-resept lines without ATC code
-- grain: one row per failing row
-- key: dispensing_id
-- check: validity
-- source: regulation §7.7
select
    line.dispensing_id,
    coalesce(line.dispensing_code, line.prescription_code) as value,
from finding_line as line
where line.atc is null
