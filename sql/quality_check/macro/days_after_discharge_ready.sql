-- what: bed days after the discharge-ready date per overnight stay
-- grain: one row per trust, sector and, where the measure has one, month
-- key: hf_orgnr, sector, month
-- check: macro
-- source: regulation §4.7, §7.1
select
    hf_orgnr,
    sector,
    cast(null as varchar) as month,
    sum(length_of_stay - effective_length) as numerator,
    count(*) as denominator,
    approx_count_distinct(patient_id) as patients,
    sum((length_of_stay - effective_length) * (length_of_stay - effective_length)) as squares,
from stay
where is_overnight and sector = 'SOM'
group by hf_orgnr, sector
