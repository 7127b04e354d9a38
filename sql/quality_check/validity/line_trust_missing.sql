-- what: H-resept lines without the prescriber's trust
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
    line.atc as value,
    cast(0 as decimal(18, 3)) as points_at_stake,
from finding_line as line
where line.hf_orgnr is null
