-- what: patients behind each row of `oppgjor_rhf_maned`
-- grain: one row per region of residence, sector and month with a counted unit
-- key: rhf_orgnr, sektor, maned
-- source: docs/published-tables.md (numbers below 5 patients)
with
estimated as (
    select
        residence_rhf_orgnr,
        sector,
        month,
        approx_count_distinct(patient_id) as patients,
    from counted_unit
    group by residence_rhf_orgnr, sector, month
),

-- Counting exactly costs four times as much, and only few groups are near the limit; the estimate is a few per cent off.
exact as (
    select
        unit.residence_rhf_orgnr,
        unit.sector,
        unit.month,
        count(distinct unit.patient_id) as patients,
    from counted_unit as unit
    inner join estimated
        on estimated.residence_rhf_orgnr = unit.residence_rhf_orgnr
        and estimated.sector = unit.sector
        and estimated.month = unit.month
    where estimated.patients < 100
    group by unit.residence_rhf_orgnr, unit.sector, unit.month
)

select
    estimated.residence_rhf_orgnr as rhf_orgnr,
    estimated.sector as sektor,
    period_month.maned,
    coalesce(exact.patients, estimated.patients) as patients,
from estimated
inner join period_month on period_month.month = estimated.month
left join exact
    on exact.residence_rhf_orgnr = estimated.residence_rhf_orgnr
    and exact.sector = estimated.sector
    and exact.month = estimated.month
