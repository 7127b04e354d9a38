-- what: share of finished episodes with a debitor outside ISF
-- grain: one row per trust, sector and, where the measure has one, month
-- key: hf_orgnr, sector, month
-- check: macro
-- source: regulation §4.5, §4.6
select
    hf_orgnr,
    sector,
    cast(null as varchar) as month,
    count(*) filter (where reason = 'debitor_not_isf') as numerator,
    count(*) as denominator,
    approx_count_distinct(patient_id) as patients,
from episode
where reason <> 'not_finished_in_period'
group by hf_orgnr, sector
