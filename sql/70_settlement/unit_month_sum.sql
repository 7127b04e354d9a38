-- what: counts and points per treating trust, region of residence, sector and month: what the monthly tables add up
-- grain: one row per trust (or none), region of residence, sector and month (none for the regional deduction)
-- key: hf_orgnr, residence_rhf_orgnr, sector, month
-- source: docs/regelverk.md 2.1, 4, 5 (the date that a unit lies in) and 6
with
counted as (
    select
        hf_orgnr,
        residence_rhf_orgnr,
        sector,
        month,
        count(*) filter (where unit_type = 'stay') as stays,
        count(*) filter (where unit_type = 'service') as services,
        count(*) filter (where unit_type = 'pathway') as pathways,
    from counted_unit
    group by hf_orgnr, residence_rhf_orgnr, sector, month
),

summed as (
    select
        hf_orgnr,
        residence_rhf_orgnr,
        sector,
        month,
        coalesce(sum(points) filter (where unit_type = 'stay'), 0) as stay_points,
        coalesce(sum(points) filter (where unit_type = 'service'), 0) as service_points,
        coalesce(sum(points) filter (where unit_type = 'pathway'), 0) as pathway_points,
        coalesce(sum(points) filter (where unit_type = 'region'), 0) as region_points,
        sum(points) as points,
    from ledger
    group by hf_orgnr, residence_rhf_orgnr, sector, month
)

select
    coalesce(counted.hf_orgnr, summed.hf_orgnr) as hf_orgnr,
    coalesce(counted.residence_rhf_orgnr, summed.residence_rhf_orgnr) as residence_rhf_orgnr,
    coalesce(counted.sector, summed.sector) as sector,
    coalesce(counted.month, summed.month) as month,
    coalesce(counted.stays, 0) as stays,
    coalesce(counted.services, 0) as services,
    coalesce(counted.pathways, 0) as pathways,
    coalesce(summed.stay_points, 0) as stay_points,
    coalesce(summed.service_points, 0) as service_points,
    coalesce(summed.pathway_points, 0) as pathway_points,
    coalesce(summed.region_points, 0) as region_points,
    coalesce(summed.points, 0) as points,
from counted
full outer join summed
    on summed.hf_orgnr is not distinct from counted.hf_orgnr
    and summed.residence_rhf_orgnr = counted.residence_rhf_orgnr
    and summed.sector = counted.sector
    and summed.month is not distinct from counted.month
