-- what: share of planned department stays that end the day they begin
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
    approx_count_distinct(patient_id) as patients,
from episode
where is_department_stay and reason = 'included' and urgency = ref.number('7.14', 'planned_urgency')
group by hf_orgnr, sector
