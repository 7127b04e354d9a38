-- what: the activity in small: counted units and points per trust, residence, group, state and rule
-- grain: one row per trust, region and county of residence, group, state and rule
-- key: sector, unit_type, hf_orgnr, residence_rhf_orgnr, residence_county, group_code, zeroing_rule, member_rule, rule
-- source: docs/regelverk.md 3 to 5; docs/simulation.md
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
    count(*) as units,
    cast(sum(points) as decimal(18, 3)) as points,
from patient_unit
group by all
