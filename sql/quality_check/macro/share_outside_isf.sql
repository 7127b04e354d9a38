-- what: share of included episodes whose main condition is outside ISF
-- grain: one row per trust, sector and, where the measure has one, month
-- key: hf_orgnr, sector, month
-- check: macro
-- source: regulation §7.20, §8.5
select
    hf_orgnr,
    sector,
    cast(null as varchar) as month,
    count(*) filter (where outside_isf) as numerator,
    count(*) as denominator,
    approx_count_distinct(patient_id) as patients,
from episode
where reason = 'included'
group by hf_orgnr, sector
