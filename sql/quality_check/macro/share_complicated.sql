-- what: share of overnight stays in DRGs with complications, of those where the DRG has both
-- grain: one row per trust, sector and, where the measure has one, month
-- key: hf_orgnr, sector, month
-- check: macro
-- source: regulation §3.8, §4.15
select
    stay.hf_orgnr,
    stay.sector,
    cast(null as varchar) as month,
    count(*) filter (where drg.is_complicated) as numerator,
    count(*) as denominator,
    approx_count_distinct(stay.patient_id) as patients,
from stay
inner join split_drg as drg on drg.drg = stay.drg and drg.sector = stay.sector
where stay.is_overnight
group by stay.hf_orgnr, stay.sector
