-- what: counts and points per treating trust, region of residence and sector: what the settlement tables add up
-- grain: one row per trust (or none), region of residence and sector
-- key: hf_orgnr, residence_rhf_orgnr, sector
-- source: docs/regelverk.md 6
with
-- Patients do not add up over months.
counted as (
    select
        hf_orgnr,
        residence_rhf_orgnr,
        sector,
        count(distinct patient_id) as patients,
    from counted_unit
    group by hf_orgnr, residence_rhf_orgnr, sector
),

summed as (
    select
        hf_orgnr,
        residence_rhf_orgnr,
        sector,
        cast(sum(stays) as bigint) as stays,
        cast(sum(services) as bigint) as services,
        cast(sum(pathways) as bigint) as pathways,
        sum(stay_points) as stay_points,
        sum(service_points) as service_points,
        sum(pathway_points) as pathway_points,
        sum(region_points) as region_points,
        sum(points) as points,
    from unit_month_sum
    group by hf_orgnr, residence_rhf_orgnr, sector
)

select
    summed.hf_orgnr,
    summed.residence_rhf_orgnr,
    summed.sector,
    summed.stays,
    summed.services,
    summed.pathways,
    coalesce(counted.patients, 0) as patients,
    summed.stay_points,
    summed.service_points,
    summed.pathway_points,
    summed.region_points,
    summed.points,
from summed
left join counted
    on counted.hf_orgnr is not distinct from summed.hf_orgnr
    and counted.residence_rhf_orgnr = summed.residence_rhf_orgnr
    and counted.sector = summed.sector
