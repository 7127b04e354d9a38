-- what: the settlement per region of residence and month, before small numbers are suppressed
-- title: Oppgjør per RHF der pasienten bor og måned
-- sheet: RHF per måned
-- grain: one row per region, sector and month of the period, and one without month for the regional deduction
-- key: rhf_orgnr, sektor, maned
-- hides: isf_poeng, refusjon_kr
-- source: docs/regelverk.md 2.1, 4, 5 and 6, docs/published-tables.md; regulation §3.9-§3.11
-- column rhf_orgnr varchar: organisation number of the region (RHF) that is responsible for the patients
-- column sektor varchar: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- column maned varchar: month, YYYY-MM: of a stay's last end, of a service's first candidate, of a pathway's first member or trigger; empty on the row of the regional deduction (§7.2.1), which belongs to no month
-- column rhf varchar: name of the region
-- column isf_poeng decimal(18, 3): points of the month; over the months and the deduction they are those of `oppgjor_rhf`
-- column refusjon_kr decimal(18, 2): refund that the points correspond to, kroner rounded to two decimals per row
-- column akonto_kr decimal(18, 2): advances of the month, kroner
with
points as (
    select
        residence_rhf_orgnr as rhf_orgnr,
        sector,
        month,
        sum(points) as points,
    from unit_month_sum
    group by residence_rhf_orgnr, sector, month
),

advance as (
    select
        rhf as rhf_orgnr,
        sektor as sector,
        maned,
        sum(belop) as paid,
    from landing.akonto
    group by rhf, sektor, maned
),

listed as (
    select
        settled.rhf_orgnr,
        settled.sektor,
        period_month.month,
        period_month.maned,
    from oppgjor_rhf as settled
    cross join period_month
    union all
    -- The deduction is computed for the whole period.
    select
        rhf_orgnr,
        sector as sektor,
        null as month,
        null as maned,
    from points
    where month is null and points <> 0
)

select
    listed.rhf_orgnr,
    listed.sektor,
    listed.maned,
    settled.rhf,
    cast(coalesce(points.points, 0) as decimal(18, 3)) as isf_poeng,
    cast(
        round(cast(coalesce(points.points, 0) as decimal(18, 3)) * point_price.nok_per_point, 2) as decimal(18, 2)
    ) as refusjon_kr,
    cast(round(coalesce(advance.paid, 0), 2) as decimal(18, 2)) as akonto_kr,
from listed
inner join oppgjor_rhf as settled
    on settled.rhf_orgnr is not distinct from listed.rhf_orgnr and settled.sektor = listed.sektor
inner join point_price on point_price.sector = listed.sektor
left join points
    on points.rhf_orgnr is not distinct from listed.rhf_orgnr
    and points.sector = listed.sektor
    and points.month is not distinct from listed.month
left join advance
    on advance.rhf_orgnr is not distinct from listed.rhf_orgnr
    and advance.sector = listed.sektor
    and advance.maned = listed.maned
