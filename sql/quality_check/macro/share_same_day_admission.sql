-- what: share of department stays that end the day they begin
-- grain: one row per trust, sector and, where the measure has one, month
-- key: hf_orgnr, sector, month
-- check: macro
-- source: regulation §5.1, §3.8
select
    hf_orgnr,
    sector,
    cast(null as varchar) as month,
    count(*) filter (where start_date = end_date) as numerator,
    count(*) as denominator,
    cast(0 as decimal(18, 3)) as points_at_stake,
from episode
where is_department_stay and reason = 'included'
group by hf_orgnr, sector
