-- what: the activity of the patients who keep their stays, services and pathways under the other rule set
-- grain: one row per trust, region of residence, group, state and rule
-- key: sector, unit_type, hf_orgnr, residence_rhf_orgnr, residence_county, group_code, zeroing_rule, member_rule, rule
-- source: docs/simulation.md
with
signed as (
    select * from unit_cell
    union all
    select * replace (-units as units, -points as points) from touched_cell
)

select
    sector,
    unit_type,
    hf_orgnr,
    residence_rhf_orgnr,
    residence_county,
    group_code,
    zeroing_rule,
    member_rule,
    rule,
    kind,
    cast(sum(units) as bigint) as units,
    cast(sum(points) as decimal(18, 3)) as points,
from signed
group by all
having sum(units) <> 0
