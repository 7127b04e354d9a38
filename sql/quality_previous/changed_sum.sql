-- what: how the sums of a delivery's settlement have changed since the delivery before, in per cent
-- grain: one row per measure, unit and sector that the delivery before has
-- key: maal, enhet, sektor
-- source: docs/expectations.md; regulation §3.5, §3.11
-- column maal: rhf_opphold, rhf_poeng, rhf_poeng_per_opphold, hf_opphold or maned_poeng
-- column enhet: name of the region or trust, or the month
-- column sektor: SOM or PHVTSB
-- column opphold_for: stays of the unit in the delivery before; of a month those of its country
-- column endring: change in per cent, one decimal, rounded away from 0 so that a limit is met exactly
with
-- A delivery holds its year from January, so whole sums are compared per month.
months as (
    select
        datediff('month', later.period_from, later.period_to) + 1 as later,
        datediff('month', earlier.period_from, earlier.period_to) + 1 as earlier,
    from later_landing.delivery as later
    cross join earlier_landing.delivery as earlier
),

region as (
    select
        earlier.rhf as enhet,
        earlier.sektor,
        cast(earlier.antall_opphold as hugeint) as stays_before,
        cast(coalesce(later.antall_opphold, 0) as hugeint) as stays,
        cast(1000 * earlier.isf_poeng as hugeint) as points_before,
        cast(1000 * coalesce(later.isf_poeng, 0) as hugeint) as points,
        cast(1000 * earlier.poeng_opphold as hugeint) as stay_points_before,
        cast(1000 * coalesce(later.poeng_opphold, 0) as hugeint) as stay_points,
    from earlier.oppgjor_rhf as earlier
    left join later.oppgjor_rhf as later
        on later.rhf_orgnr is not distinct from earlier.rhf_orgnr and later.sektor = earlier.sektor
),

trust as (
    select
        earlier.hf as enhet,
        earlier.sektor,
        cast(earlier.antall_opphold as hugeint) as stays_before,
        cast(coalesce(later.antall_opphold, 0) as hugeint) as stays,
    from earlier.oppgjor_hf as earlier
    left join later.oppgjor_hf as later
        on later.hf_orgnr is not distinct from earlier.hf_orgnr and later.sektor = earlier.sektor
),

month as (
    select
        earlier.maned as enhet,
        earlier.sektor,
        cast(1000 * sum(earlier.isf_poeng) as hugeint) as points_before,
        cast(1000 * sum(coalesce(later.isf_poeng, 0)) as hugeint) as points,
    from earlier.oppgjor_rhf_maned as earlier
    left join later.oppgjor_rhf_maned as later
        on later.rhf_orgnr is not distinct from earlier.rhf_orgnr
        and later.sektor = earlier.sektor
        and later.maned = earlier.maned
    -- The regional deduction belongs to no month, and a month that the later delivery does not hold is not compared.
    where earlier.maned in (select maned from later.oppgjor_rhf_maned)
    group by earlier.maned, earlier.sektor
),

country as (
    select
        sektor,
        sum(stays_before) as stays_before,
    from region
    group by sektor
),

compared as (
    select
        'rhf_opphold' as maal,
        enhet,
        sektor,
        stays_before as opphold_for,
        stays * months.earlier as now,
        stays_before * months.later as before,
    from region
    cross join months
    union all
    select
        'rhf_poeng' as maal,
        enhet,
        sektor,
        stays_before as opphold_for,
        points * months.earlier as now,
        points_before * months.later as before,
    from region
    cross join months
    union all
    select
        'rhf_poeng_per_opphold' as maal,
        enhet,
        sektor,
        stays_before as opphold_for,
        stay_points * stays_before as now,
        stay_points_before * stays as before,
    from region
    where stays > 0
    union all
    select
        'hf_opphold' as maal,
        enhet,
        sektor,
        stays_before as opphold_for,
        stays * months.earlier as now,
        stays_before * months.later as before,
    from trust
    cross join months
    union all
    select
        'maned_poeng' as maal,
        month.enhet,
        month.sektor,
        country.stays_before as opphold_for,
        month.points as now,
        month.points_before as before,
    from month
    inner join country on country.sektor = month.sektor
)

select
    maal,
    enhet,
    sektor,
    cast(opphold_for as bigint) as opphold_for,
    cast(
        sign(now - before) * cast((1000 * abs(now - before) + before - 1) // before as decimal(18, 0)) * 0.1
        as decimal(18, 1)
    ) as endring,
from compared
where before > 0
