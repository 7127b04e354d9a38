-- what: H-resept lines without the prescriber's trust
-- grain: one row per failing row
-- key: dispensing_id
-- check: validity
-- source: regulation §7.7
select
    line.dispensing_id,
    line.atc as value,
from finding_line as line
where line.hf_orgnr is null
