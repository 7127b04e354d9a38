-- what: share of finished episodes without a valid DRG
-- grain: one row per trust, sector and, where the measure has one, month
-- key: hf_orgnr, sector, month
-- check: macro
-- source: regulation §3.2.1 d
select
    hf_orgnr,
    sector,
    cast(null as varchar) as month,
    count(*) filter (where reason = 'ungrouped') as numerator,
    count(*) as denominator,
    approx_count_distinct(patient_id) as patients,
from episode
where reason in ('included', 'ungrouped')
group by hf_orgnr, sector
