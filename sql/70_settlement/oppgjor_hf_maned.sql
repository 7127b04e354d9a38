-- what: the settlement per treating trust and month, before small numbers are suppressed
-- title: Oppgjør per behandlende HF og måned
-- sheet: HF per måned
-- grain: one row per trust with activity, sector and month of the period
-- key: hf_orgnr, sektor, maned
-- hides: isf_poeng, refusjon_kr
-- source: docs/regelverk.md 2.1, 4, 5 and 6, docs/published-tables.md
-- column hf_orgnr varchar: organisation number of the treating trust (HF or private hospital with a contract); empty if not reported
-- column sektor varchar: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- column maned varchar: month, YYYY-MM: of a stay's last end, of a service's first candidate, of a pathway's first member or trigger
-- column hf varchar: name of the trust
-- column rhf_orgnr varchar: organisation number of the region that owns it or has the contract
-- column isf_poeng decimal(18, 3): points of the month, without the regional deduction; over the months they are those of `oppgjor_hf`
-- column refusjon_kr decimal(18, 2): refund that the points correspond to, kroner rounded to two decimals per row
with
active as (
    select *
    from oppgjor_hf
    where antall_opphold + antall_sertjenester + antall_forlop > 0
),

points as (
    select
        hf_orgnr,
        sector,
        month,
        sum(points - region_points) as points,
    from unit_month_sum
    group by hf_orgnr, sector, month
)

select
    active.hf_orgnr,
    active.sektor,
    period_month.maned,
    active.hf,
    active.rhf_orgnr,
    cast(coalesce(points.points, 0) as decimal(18, 3)) as isf_poeng,
    cast(
        round(cast(coalesce(points.points, 0) as decimal(18, 3)) * point_price.nok_per_point, 2) as decimal(18, 2)
    ) as refusjon_kr,
from active
cross join period_month
inner join point_price on point_price.sector = active.sektor
left join points
    on points.hf_orgnr is not distinct from active.hf_orgnr
    and points.sector = active.sektor
    and points.month = period_month.month
