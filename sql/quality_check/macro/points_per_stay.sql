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
    cast(0 as decimal(18, 3)) as points_at_stake,
from stay
where not is_phv_inpatient
group by hf_orgnr, sector
