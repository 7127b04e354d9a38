-- what: units without the mark that tells whether their activity is in ISF
-- grain: one row per failing row
-- key: row_key
-- check: validity
-- source: regulation §4.4, §3.2.1 f
select
    'enhet' as row_type,
    unit.enhetID as row_key,
    coalesce(lost_unit.sector, 'SOM') as sector,
    unit.hf as hf_orgnr,
    cast(null as varchar) as institution_id,
    unit.enhetID as unit_id,
    cast(null as varchar) as month,
    cast(null as varchar) as value,
    coalesce(lost_unit.points, 0) as points_at_stake,
from landing.enhet as unit
left join lost_unit on lost_unit.unit_id = unit.enhetID
where unit.isfRefusjon is null
    and unit.enhetID not in (
        select row_key from landing.unparsed where file = 'enhet' and column_name = 'isfRefusjon'
    )
