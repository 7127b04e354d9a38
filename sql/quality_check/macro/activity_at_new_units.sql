-- what: share of finished episodes at units that the earlier deliveries did not have
-- grain: one row per trust, sector and, where the measure has one, month
-- key: hf_orgnr, sector, month
-- check: macro
-- source: regulation §3.8
select
    hf_orgnr,
    sector,
    cast(null as varchar) as month,
    count(*) filter (where (hf_orgnr, unit_id) not in (select (hf_orgnr, unit_id) from earlier_unit)) as numerator,
    count(*) as denominator,
    approx_count_distinct(patient_id) as patients,
from episode
where reason <> 'not_finished_in_period'
    -- Without an earlier delivery of the trust nothing is new.
    and hf_orgnr in (select hf_orgnr from earlier_unit)
group by hf_orgnr, sector
