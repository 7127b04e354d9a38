-- what: patients with a service that an indicator counts
-- grain: one row per indicator, trust and patient
-- key: indicator, hf_orgnr, patient_id
-- source: assumption: indicator.csv of the year's scheme; regulation §4.19.4, §4.19.5, §4.19.6, §4.20, §5.15, §6.2
select distinct
    indicator.indicator,
    service.hf_orgnr,
    service.patient_id,
from service
inner join rbf.indicator_code as code on code.field = 'stg' and code.code = service.stg
inner join rbf.indicator as indicator
    on indicator.indicator = code.indicator
    and indicator.counting = 'patients'
    and indicator.sector in ('*', service.sector)
where service.status = 'counted'
