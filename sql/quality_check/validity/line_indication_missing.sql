-- what: H-resept lines without any indication
-- grain: one row per failing row
-- key: dispensing_id
-- check: validity
-- source: regulation §7.7
select
    line.dispensing_id,
    line.atc as value,
from finding_line as line
where line.prescription_code is null and line.dispensing_code is null
