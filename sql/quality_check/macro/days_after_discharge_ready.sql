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
    cast(0 as decimal(18, 3)) as points_at_stake,
from stay
where is_overnight and sector = 'SOM'
group by hf_orgnr, sector
