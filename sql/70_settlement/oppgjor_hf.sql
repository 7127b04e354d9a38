-- what: the settlement per treating trust
-- title: Oppgjør per behandlende HF
-- sheet: Oppgjør per HF
-- grain: one row per trust and sector
-- key: hf_orgnr, sektor
-- source: docs/regelverk.md 6, docs/published-tables.md
-- column hf_orgnr varchar: organisation number of the treating trust (HF or private hospital with a contract); empty if not reported
-- column sektor varchar: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- column hf varchar: name of the trust, or of the region whose number it is; `ukjent` and the number if it is neither
-- column rhf_orgnr varchar: organisation number of the region that owns it or has the contract, of a region its own; empty if unknown
-- column antall_opphold bigint: counted stays, PHV/TSB inpatient stays left out
-- column antall_sertjenester bigint: counted special services
-- column antall_forlop bigint: pathways
-- column poeng_opphold decimal(18, 3): points of stays, after pathways have taken their members' points
-- column poeng_sertjenester decimal(18, 3): points of special services, after pathways
-- column poeng_forlop decimal(18, 3): points of pathways
-- column isf_poeng decimal(18, 3): all points, without the regional deduction
-- column refusjon_kr decimal(18, 2): refund that the points correspond to, kroner with two decimals
with
unit as (
    select
        hf_orgnr,
        sector,
        sum(stays) as stays,
        sum(services) as services,
        sum(pathways) as pathways,
        sum(stay_points) as stay_points,
        sum(service_points) as service_points,
        sum(pathway_points) as pathway_points,
        sum(points - region_points) as points,
    from unit_sum
    -- The regional deduction belongs to no trust.
    where stays + services + pathways > 0 or stay_points <> 0 or service_points <> 0 or pathway_points <> 0
    group by hf_orgnr, sector
),

listed as (
    select
        trust.hf_orgnr,
        point_price.sector,
    from ref.trust as trust
    cross join point_price
    union
    select hf_orgnr, sector from unit
)

select
    listed.hf_orgnr,
    listed.sector as sektor,
    provider.hf_name as hf,
    provider.rhf_orgnr,
    cast(coalesce(unit.stays, 0) as bigint) as antall_opphold,
    cast(coalesce(unit.services, 0) as bigint) as antall_sertjenester,
    cast(coalesce(unit.pathways, 0) as bigint) as antall_forlop,
    cast(coalesce(unit.stay_points, 0) as decimal(18, 3)) as poeng_opphold,
    cast(coalesce(unit.service_points, 0) as decimal(18, 3)) as poeng_sertjenester,
    cast(coalesce(unit.pathway_points, 0) as decimal(18, 3)) as poeng_forlop,
    cast(coalesce(unit.points, 0) as decimal(18, 3)) as isf_poeng,
    cast(
        round(cast(coalesce(unit.points, 0) as decimal(18, 3)) * point_price.nok_per_point, 2) as decimal(18, 2)
    ) as refusjon_kr,
from listed
inner join point_price on point_price.sector = listed.sector
inner join provider on provider.hf_orgnr is not distinct from listed.hf_orgnr
left join unit on unit.hf_orgnr is not distinct from listed.hf_orgnr and unit.sector = listed.sector
