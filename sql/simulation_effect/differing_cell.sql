-- what: the cells whose points differ between the two sides; empty where the difference touches nothing
-- grain: one row per cell
-- key: sector, unit_type, hf_orgnr, residence_rhf_orgnr, residence_county, group_code, state, rule
-- source: docs/simulation.md
with
signed as (
    select
        sector,
        unit_type,
        hf_orgnr,
        residence_rhf_orgnr,
        residence_county,
        group_code,
        state,
        rule,
        points,
    from baseline_cell
    union all
    select
        sector,
        unit_type,
        hf_orgnr,
        residence_rhf_orgnr,
        residence_county,
        group_code,
        state,
        rule,
        -points as points,
    from alternative_cell
)

select
    sector,
    unit_type,
    hf_orgnr,
    residence_rhf_orgnr,
    residence_county,
    group_code,
    state,
    rule,
from signed
group by all
having sum(points) <> 0
