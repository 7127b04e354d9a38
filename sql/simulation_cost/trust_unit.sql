-- what: the counted stays and services of each trust per group, whose points new weights would change
-- grain: one row per sector, trust, kind of unit and group
-- key: sector, hf_orgnr, unit_type, group_code
-- source: docs/simulation.md, weights from costs
select
    sector,
    hf_orgnr,
    'stay' as unit_type,
    drg as group_code,
    count(*) as units,
from stay
where not is_phv_inpatient
group by sector, hf_orgnr, drg
union all
select
    sector,
    hf_orgnr,
    'service' as unit_type,
    stg as group_code,
    count(*) as units,
from service
where status = 'counted'
group by sector, hf_orgnr, stg
