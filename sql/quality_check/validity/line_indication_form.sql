-- what: H-resept lines with indications of which none has the form of an ICD-10 code
-- grain: one row per failing row
-- key: row_key
-- check: validity
-- source: regulation §7.7
select
    line.row_type,
    line.row_key,
    line.sector,
    line.hf_orgnr,
    line.institution_id,
    line.unit_id,
    line.month,
    coalesce(line.dispensing_code, line.prescription_code) as value,
    line.lost_points as points_at_stake,
from finding_line as line
where (line.prescription_code is not null or line.dispensing_code is not null)
    and not coalesce(regexp_full_match(line.prescription_code, '[A-Z][0-9]{2}[A-Z0-9]{0,2}'), false)
    and not coalesce(regexp_full_match(line.dispensing_code, '[A-Z][0-9]{2}[A-Z0-9]{0,2}'), false)
