-- what: the measures of one settlement, each as a ratio of whole numbers: per month that the delivery holds, per stay, or of a month
-- grain: one row per measure, unit and sector
-- key: measure, unit_id, sector
-- source: docs/expectations.md; regulation §3.5, §3.11
with
-- A delivery holds its year from January, so whole sums are compared per month.
held as (
    select datediff('month', period_from, period_to) + 1 as months
    from delivery
),

region as (
    select
        coalesce(rhf_orgnr, '') as unit_id,
        rhf as unit_name,
        sektor as sector,
        cast(antall_opphold as hugeint) as stays,
        cast(1000 * isf_poeng as hugeint) as points,
        cast(1000 * poeng_opphold as hugeint) as stay_points,
    from oppgjor_rhf
),

country as (
    select
        sector,
        sum(stays) as stays,
    from region
    group by sector
),

-- The regional deduction belongs to no month.
month as (
    select
        maned as unit_id,
        sektor as sector,
        cast(1000 * sum(isf_poeng) as hugeint) as points,
    from oppgjor_rhf_maned
    where maned is not null
    group by maned, sektor
)

select
    'rhf_opphold' as measure,
    unit_id,
    unit_name,
    sector,
    stays,
    stays as numerator,
    held.months as denominator,
from region
cross join held
union all
select
    'rhf_poeng' as measure,
    unit_id,
    unit_name,
    sector,
    stays,
    points as numerator,
    held.months as denominator,
from region
cross join held
union all
select
    'rhf_poeng_per_opphold' as measure,
    unit_id,
    unit_name,
    sector,
    stays,
    stay_points as numerator,
    stays as denominator,
from region
where stays > 0
union all
select
    'hf_opphold' as measure,
    coalesce(hf_orgnr, '') as unit_id,
    hf as unit_name,
    sektor as sector,
    cast(antall_opphold as hugeint) as stays,
    cast(antall_opphold as hugeint) as numerator,
    held.months as denominator,
from oppgjor_hf
cross join held
union all
select
    'maned_poeng' as measure,
    month.unit_id,
    month.unit_id as unit_name,
    month.sector,
    country.stays,
    month.points as numerator,
    1 as denominator,
from month
inner join country on country.sector = month.sector
