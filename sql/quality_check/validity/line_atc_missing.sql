-- what: H-resept lines without ATC code
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
where line.atc is null
