-- what: H-resept lines with indications of which none has the form of an ICD-10 code
-- grain: one row per failing row
-- key: dispensing_id
-- check: validity
-- source: regulation §7.7
select
    line.dispensing_id,
    coalesce(line.dispensing_code, line.prescription_code) as value,
from finding_line as line
where (line.prescription_code is not null or line.dispensing_code is not null)
    and not coalesce(regexp_full_match(line.prescription_code, '[A-Z][0-9]{2}[A-Z0-9]{0,2}'), false)
    and not coalesce(regexp_full_match(line.dispensing_code, '[A-Z][0-9]{2}[A-Z0-9]{0,2}'), false)
