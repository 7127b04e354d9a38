-- what: H-resept lines without municipality of residence
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
    cast(null as varchar) as value,
    line.lost_points as points_at_stake,
from finding_line as line
where line.municipality_number is null
    and line.row_key not in (
        select row_key from landing.unparsed where file = 'hresept' and column_name = 'komNrHjem'
    )
