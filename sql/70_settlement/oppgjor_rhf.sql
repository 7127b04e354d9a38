-- what: the settlement per region of residence (sørge-for): what is paid
-- title: Oppgjør per RHF der pasienten bor
-- sheet: Oppgjør per RHF
-- grain: one row per region and sector
-- key: rhf_orgnr, sektor
-- source: docs/regelverk.md 6, docs/published-tables.md; regulation §3.9-§3.11
-- column rhf_orgnr varchar: organisation number of the region (RHF) that is responsible for the patients
-- column sektor varchar: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- column rhf varchar: name of the region; `ukjent` and the number if it is in no register
-- column antall_opphold bigint: counted stays, PHV/TSB inpatient stays left out
-- column antall_sertjenester bigint: counted special services
-- column antall_forlop bigint: pathways
-- column poeng_opphold decimal(18, 3): points of stays, after pathways have taken their members' points
-- column poeng_sertjenester decimal(18, 3): points of special services, after pathways
-- column poeng_forlop decimal(18, 3): points of pathways
-- column trekk_kompleks_rehab decimal(18, 3): regional deduction for complex rehabilitation (§7.2.1), 0 or negative
-- column isf_poeng decimal(18, 3): all points, the deduction included
-- column enhetspris decimal(18, 2): unit price, kroner per point
-- column isf_andel decimal(9, 4): share financed by ISF (1.00 where the unit price already contains it)
-- column refusjon_kr decimal(18, 2): refund, kroner with two decimals
-- column akonto_kr decimal(18, 2): advances of the months of the period, kroner
-- column saldo_kr decimal(18, 2): refund minus advances, kroner
with
unit as (
    select
        residence_rhf_orgnr as rhf_orgnr,
        sector,
        sum(stays) as stays,
        sum(services) as services,
        sum(pathways) as pathways,
        sum(stay_points) as stay_points,
        sum(service_points) as service_points,
        sum(pathway_points) as pathway_points,
        sum(region_points) as region_points,
        sum(points) as points,
    from unit_sum
    group by residence_rhf_orgnr, sector
),

advance as (
    select
        akonto.rhf as rhf_orgnr,
        akonto.sektor as sector,
        sum(akonto.belop) as paid,
    from landing.akonto as akonto
    cross join landing.delivery as delivery
    -- Advances of months outside the period are left out.
    where akonto.maned between strftime(delivery.period_from, '%Y-%m') and strftime(delivery.period_to, '%Y-%m')
    group by akonto.rhf, akonto.sektor
),

listed as (
    select
        region.rhf_orgnr,
        point_price.sector,
    from region
    cross join point_price
    union
    select rhf_orgnr, sector from unit
    union
    select rhf_orgnr, sector from advance
)

select
    listed.rhf_orgnr,
    listed.sector as sektor,
    provider.hf_name as rhf,
    cast(coalesce(unit.stays, 0) as bigint) as antall_opphold,
    cast(coalesce(unit.services, 0) as bigint) as antall_sertjenester,
    cast(coalesce(unit.pathways, 0) as bigint) as antall_forlop,
    cast(coalesce(unit.stay_points, 0) as decimal(18, 3)) as poeng_opphold,
    cast(coalesce(unit.service_points, 0) as decimal(18, 3)) as poeng_sertjenester,
    cast(coalesce(unit.pathway_points, 0) as decimal(18, 3)) as poeng_forlop,
    cast(coalesce(unit.region_points, 0) as decimal(18, 3)) as trekk_kompleks_rehab,
    cast(coalesce(unit.points, 0) as decimal(18, 3)) as isf_poeng,
    point_price.unit_price_nok as enhetspris,
    point_price.isf_share as isf_andel,
    -- Money once, from summed points; rounded half away from zero on the printed row only (docs/regelverk.md 0).
    cast(
        round(cast(coalesce(unit.points, 0) as decimal(18, 3)) * point_price.nok_per_point, 2) as decimal(18, 2)
    ) as refusjon_kr,
    cast(round(coalesce(advance.paid, 0), 2) as decimal(18, 2)) as akonto_kr,
    cast(
        round(
            cast(coalesce(unit.points, 0) as decimal(18, 3)) * point_price.nok_per_point
            - cast(coalesce(advance.paid, 0) as decimal(24, 6)),
            2
        ) as decimal(18, 2)
    ) as saldo_kr,
from listed
inner join point_price on point_price.sector = listed.sector
inner join provider on provider.hf_orgnr is not distinct from listed.rhf_orgnr
left join unit on unit.rhf_orgnr = listed.rhf_orgnr and unit.sector = listed.sector
left join advance on advance.rhf_orgnr = listed.rhf_orgnr and advance.sector = listed.sector
