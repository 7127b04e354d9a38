-- what: the settlement per trust against the ledger and the counted units
-- title: Oppgjøret per HF stemmer med poengpostene og de tellende enhetene
-- grain: one row per violation: trust, sector and column; no rows when all is well
-- key: unit
-- source: docs/regelverk.md 6
with
entry as (
    select
        hf_orgnr,
        sector,
        sum(points) filter (where unit_type = 'stay') as stay_points,
        sum(points) filter (where unit_type = 'service') as service_points,
        sum(points) filter (where unit_type = 'pathway') as pathway_points,
        sum(points) as points,
    from ledger
    -- The regional deduction belongs to no trust.
    where unit_type <> 'region'
    group by hf_orgnr, sector
),

counted as (
    select
        hf_orgnr,
        sector,
        count(*) as units,
    from counted_unit
    group by hf_orgnr, sector
),

expected as (
    select
        coalesce(entry.hf_orgnr, counted.hf_orgnr) as hf_orgnr,
        coalesce(entry.sector, counted.sector) as sector,
        coalesce(counted.units, 0) as units,
        coalesce(entry.stay_points, 0) as stay_points,
        coalesce(entry.service_points, 0) as service_points,
        coalesce(entry.pathway_points, 0) as pathway_points,
        coalesce(entry.points, 0) as points,
    from entry
    full outer join counted
        on counted.hf_orgnr is not distinct from entry.hf_orgnr and counted.sector = entry.sector
),

settled as (
    select
        hf_orgnr,
        sektor,
        sum(antall_opphold + antall_sertjenester + antall_forlop) as units,
        sum(poeng_opphold) as stay_points,
        sum(poeng_sertjenester) as service_points,
        sum(poeng_forlop) as pathway_points,
        sum(isf_poeng) as points,
    from oppgjor_hf
    group by hf_orgnr, sektor
),

compared as (
    select
        coalesce(settled.hf_orgnr, expected.hf_orgnr, 'none')
            || ' ' || coalesce(settled.sektor, expected.sector) as unit,
        coalesce(settled.units, 0) - coalesce(expected.units, 0) as units,
        coalesce(settled.stay_points, 0) - coalesce(expected.stay_points, 0) as stay_points,
        coalesce(settled.service_points, 0) - coalesce(expected.service_points, 0) as service_points,
        coalesce(settled.pathway_points, 0) - coalesce(expected.pathway_points, 0) as pathway_points,
        coalesce(settled.points, 0) - coalesce(expected.points, 0) as points,
    from settled
    full outer join expected
        on expected.hf_orgnr is not distinct from settled.hf_orgnr and expected.sector = settled.sektor
)

select
    unit || ': ' || part as unit,
    cast(difference as decimal(18, 3)) as difference,
from (
    select unit, 'units' as part, units as difference from compared
    union all
    select unit, 'poeng_opphold' as part, stay_points as difference from compared
    union all
    select unit, 'poeng_sertjenester' as part, service_points as difference from compared
    union all
    select unit, 'poeng_forlop' as part, pathway_points as difference from compared
    union all
    select unit, 'isf_poeng' as part, points as difference from compared
)
where difference <> 0
