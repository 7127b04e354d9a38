-- what: patients of stays whose main episode moves with the cost weights
-- grain: one row per patient and stay
-- key: patient_id
-- source: docs/regelverk.md 2.1 point 3; regulation §7.18
select
    'main_episode' as cause,
    any_value(contender.patient_id) as patient_id,
from main_contender as contender
inner join other.drg as drg on drg.sector = contender.sector and drg.drg = contender.drg
where exists (select 1 from changed_drg where has_other_cost_weight)
group by contender.stay_nr
having arg_max(contender.drg, (drg.cost_weight, -contender.tie_order))
    is distinct from any_value(contender.drg) filter (where contender.is_main)
