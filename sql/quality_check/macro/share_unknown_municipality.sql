-- what: share of finished episodes with unknown residence
-- grain: one row per trust, sector and, where the measure has one, month
-- key: hf_orgnr, sector, month
-- check: macro
-- source: regulation §4.2
select
    hf_orgnr,
    sector,
    cast(null as varchar) as month,
    count(*) filter (where reason = 'unknown_municipality') as numerator,
    count(*) as denominator,
    cast(0 as decimal(18, 3)) as points_at_stake,
from episode
where reason <> 'not_finished_in_period'
group by hf_orgnr, sector
