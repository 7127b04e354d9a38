-- what: the base points of all groups of a rule set
-- grain: one row per sector, kind of unit and group
-- key: sector, unit_type, group_code
-- as: view
-- source: docs/rule-sets.md
select
    sector,
    'stay' as unit_type,
    drg as group_code,
    hdg,
    name,
    base_points,
from ref.drg
union all
select
    sector,
    'service' as unit_type,
    stg as group_code,
    hdg,
    name,
    base_points,
from ref.stg
union all
select
    sector,
    'pathway' as unit_type,
    tfg as group_code,
    hdg,
    name,
    base_points,
from ref.tfg
