-- what: balances of the published basis (grunnlag) that are not 0
-- title: Saldoene i det publiserte beregningsgrunnlaget går i null
-- grain: one row per violation: a balance; no rows when all is well
-- key: unit
-- source: docs/published-tables.md
select
    arsak as unit,
    cast(antall as decimal(18, 3)) as difference,
from grunnlag
where steg = 'balanse' and antall is distinct from 0
