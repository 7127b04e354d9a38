-- what: share of episodes not finished in the period
-- grain: one row per trust, sector and, where the measure has one, month
-- key: hf_orgnr, sector, month
-- check: macro
-- source: regulation §3.1
select
    hf_orgnr,
    sector,
    cast(null as varchar) as month,
    count(*) filter (where reason = 'not_finished_in_period') as numerator,
    count(*) as denominator,
    approx_count_distinct(patient_id) as patients,
from episode
where true
group by hf_orgnr, sector
