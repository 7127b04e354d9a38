-- what: the ledger: every published number is a sum over it
-- grain: one row per unit and rule
-- key: unit_type, unit_id, rule
-- column kind: base (the group's points), adjustment (supplement or deduction), note (says something, 0 points), block_grant (financed outside ISF), zeroing (all points so far taken back), taken_over (by a pathway), regional (of a region, not of a unit)
-- as: view
-- source: docs/regelverk.md 0; regulation §3.11
-- column month: month of the year that the unit lies in: a stay by its last end, a service by its first candidate, a pathway by its first member or trigger; empty on the regional row
-- The base points, nine tenths of the rows, are read where they lie instead of being written once more.
select
    'stay' as unit_type,
    stay_id as unit_id,
    rule,
    kind,
    sector,
    hf_orgnr,
    residence_rhf_orgnr,
    drg as group_code,
    month(end_date) as month,
    cast(points as decimal(18, 3)) as points,
from stay_base
union all
select
    unit_type,
    unit_id,
    rule,
    kind,
    sector,
    hf_orgnr,
    residence_rhf_orgnr,
    group_code,
    month,
    points,
from ledger_further
