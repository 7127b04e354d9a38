-- what: share of contacts without eligible personnel
-- grain: one row per trust, sector and, where the measure has one, month
-- key: hf_orgnr, sector, month
-- check: macro
-- source: regulation §7.8, §4.3
select
    hf_orgnr,
    sector,
    cast(null as varchar) as month,
    count(*) filter (where reason = 'no_eligible_personnel') as numerator,
    count(*) as denominator,
    approx_count_distinct(patient_id) as patients,
from episode
where not is_department_stay and reason in ('included', 'no_eligible_personnel')
group by hf_orgnr, sector
