-- what: the monthly tables against the settlement tables: points over the months and the deduction, advances over the months
-- title: Månedstabellene stemmer med oppgjørstabellene
-- grain: one row per violation: table, number, sector and column; no rows when all is well
-- key: unit
-- source: docs/regelverk.md 6; docs/published-tables.md
with
monthly as (
    select
        'RHF ' || rhf_orgnr || ' ' || sektor as unit,
        sum(isf_poeng) as points,
        sum(akonto_kr) as paid,
    from oppgjor_rhf_maned
    group by unit
    union all
    select
        'HF ' || coalesce(hf_orgnr, 'none') || ' ' || sektor as unit,
        sum(isf_poeng) as points,
        0 as paid,
    from oppgjor_hf_maned
    group by unit
),

settled as (
    select
        'RHF ' || rhf_orgnr || ' ' || sektor as unit,
        isf_poeng as points,
        akonto_kr as paid,
    from oppgjor_rhf
    union all
    select
        'HF ' || coalesce(hf_orgnr, 'none') || ' ' || sektor as unit,
        isf_poeng as points,
        0 as paid,
    from oppgjor_hf
),

compared as (
    select
        coalesce(monthly.unit, settled.unit) as unit,
        cast(coalesce(monthly.points, 0) - coalesce(settled.points, 0) as decimal(18, 3)) as points,
        cast(coalesce(monthly.paid, 0) - coalesce(settled.paid, 0) as decimal(18, 3)) as paid,
    from monthly
    full outer join settled on settled.unit = monthly.unit
)

select
    unit || ': ' || part as unit,
    difference,
from (
    select unit, 'isf_poeng' as part, points as difference from compared
    union all
    select unit, 'akonto_kr' as part, paid as difference from compared
)
where difference <> 0
