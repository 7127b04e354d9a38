-- what: how many H-resept lines and units each trust reported
-- grain: one row per kind of denominator, sector, trust and unit
-- key: denominator, sector, hf_orgnr, institution_id, unit_id
-- source: regulation §3.8
select
    'line' as denominator,
    'SOM' as sector,
    hf as hf_orgnr,
    cast(null as varchar) as institution_id,
    cast(null as varchar) as unit_id,
    count(*) as rows_counted,
from landing.hresept
group by hf
union all
select
    'unit' as denominator,
    'SOM' as sector,
    hf as hf_orgnr,
    cast(null as varchar) as institution_id,
    enhetID as unit_id,
    count(*) as rows_counted,
from landing.enhet
group by hf, enhetID
