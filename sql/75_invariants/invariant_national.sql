-- what: national sums that differ: ledger = published ledger = RHF = HF + deduction = guest patients + deduction
-- title: De nasjonale summene er like i alle tabeller
-- grain: one row per violation: a level and a sector; no rows when all is well
-- key: unit
-- source: docs/regelverk.md 6
with
entry as (
    select
        sector,
        sum(points) as points,
    from ledger
    group by sector
),

deduction as (
    select
        sektor as sector,
        sum(trekk_kompleks_rehab) as points,
    from oppgjor_rhf
    group by sektor
),

level as (
    select
        'RHF' as level,
        sektor as sector,
        sum(isf_poeng) as points,
    from oppgjor_rhf
    group by sektor
    union all
    select
        'HF + regional deduction' as level,
        hf.sektor as sector,
        sum(hf.isf_poeng) + any_value(deduction.points) as points,
    from oppgjor_hf as hf
    inner join deduction on deduction.sector = hf.sektor
    group by hf.sektor
    union all
    select
        'published ledger' as level,
        sektor as sector,
        sum(poeng) as points,
    from poengposter
    group by sektor
    union all
    select
        'guest-patient matrix + regional deduction' as level,
        deduction.sector,
        coalesce(sum(matrix.isf_poeng), 0) + any_value(deduction.points) as points,
    from deduction
    left join gjestepasienter_usladdet as matrix on matrix.sektor = deduction.sector
    group by deduction.sector
)

select
    level.level || ' ' || level.sector as unit,
    cast(level.points - coalesce(entry.points, 0) as decimal(18, 3)) as difference,
from level
left join entry on entry.sector = level.sector
where level.points is distinct from coalesce(entry.points, 0)
union all
-- A sector of the ledger that the settlement lacks.
select
    'RHF ' || entry.sector as unit,
    cast(-entry.points as decimal(18, 3)) as difference,
from entry
where entry.sector not in (select sektor from oppgjor_rhf)
