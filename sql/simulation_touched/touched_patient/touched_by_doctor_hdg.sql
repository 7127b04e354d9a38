-- what: patients of days on which contacts without doctor move to another HDG with the cost weights
-- grain: one row per patient and day
-- key: patient_id
-- source: docs/regelverk.md 2.1 point 2; regulation §7.18
select
    'doctor_hdg' as cause,
    contender.patient_id,
from doctor_contender as contender
left join ref.drg as before on before.sector = contender.sector and before.drg = contender.drg
left join other.drg as after on after.sector = contender.sector and after.drg = contender.drg
where exists (select 1 from changed_drg where has_other_cost_weight)
group by contender.patient_id, contender.institution_id, contender.start_date
having arg_max(contender.hdg, (before.cost_weight, -contender.hdg))
    is distinct from arg_max(contender.hdg, (after.cost_weight, -contender.hdg))
