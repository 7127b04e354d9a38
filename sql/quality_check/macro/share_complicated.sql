-- what: share of overnight stays in DRGs with complications, of those where the DRG has both
-- grain: one row per trust, sector and, where the measure has one, month
-- key: hf_orgnr, sector, month
-- check: macro
-- source: regulation §3.8, §4.15
with
-- A pair of DRGs is told by its names: with and without complication.
drg as (
    select
        drg.drg,
        drg.sector,
        bool_or(mark.parameter = 'mark_with') as is_complicated,
    from ref.drg as drg
    inner join check_parameter as mark on mark.check_id = 'share_complicated' and contains(drg.name, mark.value)
    group by drg.drg, drg.sector
)

select
    stay.hf_orgnr,
    stay.sector,
    cast(null as varchar) as month,
    count(*) filter (where drg.is_complicated) as numerator,
    count(*) as denominator,
    approx_count_distinct(stay.patient_id) as patients,
from stay
inner join drg on drg.drg = stay.drg and drg.sector = stay.sector
where stay.is_overnight
group by stay.hf_orgnr, stay.sector
