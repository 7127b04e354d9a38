-- what: the units that each pathway takes the points from
-- grain: one row per unit in a pathway
-- key: pathway_id, unit_type, unit_id
-- source: docs/regelverk.md 5; regulation §3.11 f
-- requires: tfg_member
with
member as (
    select
        pathway_id,
        tfg,
        'member' as role,
        unit_type,
        unit_id,
        stay_nr,
        null as days_after_trigger,
    from period_member
    union all
    select
        pathway_id,
        tfg,
        role,
        'stay' as unit_type,
        unit_id,
        stay_nr,
        days_after_trigger,
    from trigger_member
)

select
    pathway_id,
    tfg,
    role,
    unit_type,
    unit_id,
    stay_nr,
    days_after_trigger,
    -- The rule of the ledger by which the pathway takes the points over.
    'tfg_member' as rule,
from member
