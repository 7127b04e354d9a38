-- what: base points of pathways
-- grain: one row per pathway
-- key: pathway_id
-- as: view
-- source: docs/regelverk.md 5, tfg_base; regulation §3.11
-- requires: tfg_base
select
    pathway_id,
    'tfg_base' as rule,
    'base' as kind,
    base_points as points,
from pathway
