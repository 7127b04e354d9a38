-- what: finished episodes per month
-- grain: one row per trust, sector and, where the measure has one, month
-- key: hf_orgnr, sector, month
-- check: macro
-- source: regulation §3.8, §3.5
select
    hf_orgnr,
    sector,
    strftime(end_date, '%Y-%m') as month,
    count(*) as numerator,
    -- A volume is compared with other volumes, not with a whole.
    1 as denominator,
from episode
where reason <> 'not_finished_in_period'
group by hf_orgnr, sector, month
