-- what: stays of primary rehabilitation rebuilt from their sums, so that the regional deduction can be computed anew
-- grain: one row per stay; the first of a region and DRG carries the points of all
-- key: stay_nr
-- source: docs/regelverk.md 3, complex rehabilitation above 45 %; regulation §7.2.1
with
summed as (
    select
        sector,
        residence_rhf_orgnr,
        group_code as drg,
        coalesce(sum(units) filter (where kind = 'base'), 0) as stays,
        coalesce(sum(points) filter (where zeroing_rule is null), 0) as points,
    from unit_cell_all
    where unit_type = 'stay'
        and group_code in (ref.single_code('7.2.1', 'complex_drg'), ref.single_code('7.2.1', 'simple_drg'))
    group by sector, residence_rhf_orgnr, group_code
),

numbered as (
    select
        *,
        unnest(range(cast(stays as bigint))) as number,
    from summed
)

select
    row_number() over (order by sector, residence_rhf_orgnr, drg, number) as stay_nr,
    sector,
    residence_rhf_orgnr,
    drg,
    if(number = 0, cast(points as decimal(18, 3)), 0) as points,
from numbered
