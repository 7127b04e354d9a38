-- what: services and pathways that count once a year, on the patient's first contact of the year: BT01, AT01, yearly medicines
-- grain: one row per state and unit; states delivery, last_year
-- key: state, unit_type, unit_id
-- source: regulation §7.18 (the period of an STG or TFG); docs/prognosis.md
-- Their points fall early in the year, since most patients come back. A pathway that an operation starts (HT04) falls when the
-- operation does, like everything else.
select 'delivery' as state, 'service' as unit_type, service_id as unit_id
from settled.service
where period = cast(year(period_date) as varchar)
union all
select 'delivery' as state, 'pathway' as unit_type, pathway_id as unit_id
from settled.pathway
where trigger_stay_id is null and period = cast(year(period_date) as varchar)
union all
select 'last_year' as state, 'service' as unit_type, service_id as unit_id
from last_year.service
where period = cast(year(period_date) as varchar)
union all
select 'last_year' as state, 'pathway' as unit_type, pathway_id as unit_id
from last_year.pathway
where trigger_stay_id is null and period = cast(year(period_date) as varchar)
