-- what: what the pathways that give points are made of
-- grain: one row per TFG, role, member code and window
-- key: tfg, role, member_type, code
-- as: view
-- source: docs/regelverk.md 5; regulation §3.11, §7.18 (TFG)
select
    component.tfg,
    tfg.sector,
    tfg.base_points,
    component.period,
    component.role,
    component.member_type,
    component.code,
    component.main_condition_prefix,
    component.min_days_after_trigger,
    component.max_days_after_trigger,
from ref.tfg_component as component
inner join ref.tfg as tfg on tfg.tfg = component.tfg
-- Only TFGs with points are formed.
where tfg.base_points > 0
