-- what: H-resept lines with an optional value that is reported but cannot be read
-- grain: one row per failing row
-- key: row_key
-- check: structure
-- source: docs/delivery.md; regulation §3.5, §4.2
select
    line.row_type,
    line.row_key,
    line.sector,
    line.hf_orgnr,
    line.institution_id,
    line.unit_id,
    line.month,
    string_agg(unparsed.column_name || ' ' || unparsed.value, ', ' order by unparsed.column_name) as value,
    coalesce(max(line.lost_points) filter (where unparsed.column_name = 'komNrHjem'), 0) as points_at_stake,
from landing.unparsed as unparsed
inner join finding_line as line on line.row_key = unparsed.row_key
where unparsed.file = 'hresept'
group by line.row_type, line.row_key, line.sector, line.hf_orgnr, line.institution_id, line.unit_id, line.month
