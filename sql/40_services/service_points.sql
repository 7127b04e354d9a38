-- what: base points of special services
-- grain: one row per service
-- key: service_id
-- as: view
-- source: docs/regelverk.md 4, stg_base; regulation §3.11
-- requires: stg_base
select
    service_id,
    'stg_base' as rule,
    'base' as kind,
    -- Rows are written also at 0: no indication, or another STG of the exclusive group counts.
    if(status = 'counted', base_points, 0) as points,
from service
