-- what: of stays in the day-surgery families, the share with overnight stay
-- grain: one row per trust, sector and, where the measure has one, month
-- key: hf_orgnr, sector, month
-- check: macro
-- source: regulation §7.16, §3.8
with
family as (
    select distinct
        drg,
        role,
    from ref.day_surgery_family
)

select
    stay.hf_orgnr,
    stay.sector,
    cast(null as varchar) as month,
    count(*) filter (where family.role = 'inpatient') as numerator,
    count(*) as denominator,
    approx_count_distinct(stay.patient_id) as patients,
from stay
inner join family on family.drg = stay.drg
where stay.sector = 'SOM'
group by stay.hf_orgnr, stay.sector
