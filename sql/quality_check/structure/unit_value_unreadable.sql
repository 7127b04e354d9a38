-- what: units with an optional value that is reported but cannot be read
-- grain: one row per failing row
-- key: row_key
-- check: structure
-- source: docs/delivery.md; regulation §3.5, §4.4
select
    'enhet' as row_type,
    unit.enhetID as row_key,
    coalesce(lost_unit.sector, 'SOM') as sector,
    unit.hf as hf_orgnr,
    cast(null as varchar) as institution_id,
    unit.enhetID as unit_id,
    cast(null as varchar) as month,
    string_agg(unparsed.column_name || ' ' || unparsed.value, ', ' order by unparsed.column_name) as value,
    coalesce(max(lost_unit.points) filter (where unparsed.column_name = 'isfRefusjon'), 0) as points_at_stake,
from landing.unparsed as unparsed
inner join landing.enhet as unit on unit.enhetID = unparsed.row_key
left join lost_unit on lost_unit.unit_id = unit.enhetID
where unparsed.file = 'enhet'
group by unit.enhetID, unit.hf, lost_unit.sector
