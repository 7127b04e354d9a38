-- what: share of complex rehabilitation above the threshold
-- grain: one row per trust, sector and, where the measure has one, month
-- key: hf_orgnr, sector, month
-- check: macro
-- source: regulation §7.2.1, §3.8
select
    stay.hf_orgnr,
    stay.sector,
    cast(null as varchar) as month,
    count(*) filter (where stay.drg = ref.single_code('7.2.1', 'complex_drg')) as numerator,
    count(*) as denominator,
    approx_count_distinct(stay.patient_id) as patients,
from stay
where stay.drg in (ref.single_code('7.2.1', 'complex_drg'), ref.single_code('7.2.1', 'simple_drg'))
group by stay.hf_orgnr, stay.sector
