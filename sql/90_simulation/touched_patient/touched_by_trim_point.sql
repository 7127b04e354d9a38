-- what: patients of stays beyond a trim point that differs
-- grain: one row per patient and stay
-- key: patient_id
-- source: rulebook section 3, 7.1 and 7.2.2; regulation §7.1, §7.2.2
select
    'trim_point' as cause,
    stay.patient_id,
from stay
inner join changed_drg on changed_drg.sector = stay.sector and changed_drg.drg = stay.drg
where stay.effective_length > 0
    and changed_drg.has_other_trim_point
    and stay.effective_length > coalesce(changed_drg.lower_trim_point, 0)
