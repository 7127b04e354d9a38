-- what: points per rule of the ledger, before calibration
-- title: Poeng per regel, før kalibrering
-- sheet: Poeng per regel
-- grain: one row per sector and rule
-- key: sektor, regel
-- source: docs/simulation.md
-- column sektor: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- column regel: the rule that gives the points
-- column antall_utgangspunkt: units with the rule under the baseline
-- column antall_alternativ: units with the rule under the alternative
-- column poeng_utgangspunkt: points under the baseline
-- column poeng_alternativ: points under the alternative, before calibration
-- column endring: the difference
with
before as (
    select sector, rule, sum(units) as units, sum(points) as points from baseline_cell group by sector, rule
),

after as (
    select sector, rule, sum(units) as units, sum(points) as points from alternative_cell group by sector, rule
)

select
    coalesce(before.sector, after.sector) as sektor,
    coalesce(before.rule, after.rule) as regel,
    cast(coalesce(before.units, 0) as bigint) as antall_utgangspunkt,
    cast(coalesce(after.units, 0) as bigint) as antall_alternativ,
    cast(coalesce(before.points, 0) as decimal(18, 3)) as poeng_utgangspunkt,
    cast(coalesce(after.points, 0) as decimal(18, 3)) as poeng_alternativ,
    cast(coalesce(after.points, 0) - coalesce(before.points, 0) as decimal(18, 3)) as endring,
from before
full outer join after on after.sector = before.sector and after.rule = before.rule
