-- what: base points per included stay
-- grain: one row per trust, sector and, where the measure has one, month
-- key: hf_orgnr, sector, month
-- check: macro
-- source: regulation §3.8 (changed coding practice)
select
    hf_orgnr,
    sector,
    cast(null as varchar) as month,
    sum(base_points) as numerator,
    count(*) as denominator,
    approx_count_distinct(patient_id) as patients,
    sum(base_points * base_points) as squares,
from stay
where not is_phv_inpatient
group by hf_orgnr, sector
