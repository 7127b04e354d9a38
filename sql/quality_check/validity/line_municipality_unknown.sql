-- what: H-resept lines with a municipality that the year does not have, or that is reported as unknown
-- grain: one row per failing row
-- key: row_key
-- check: validity
-- source: regulation §4.2
select
    line.row_type,
    line.row_key,
    line.sector,
    line.hf_orgnr,
    line.institution_id,
    line.unit_id,
    line.month,
    format('{:04d}', line.municipality_number) as value,
    line.lost_points as points_at_stake,
from finding_line as line
where line.municipality_number not in (select municipality_number from ref.municipality)
    and line.municipality_number not in (from ref.numbers('4.2', 'not_resident_municipality'))
