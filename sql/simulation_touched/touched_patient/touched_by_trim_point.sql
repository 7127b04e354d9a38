-- what: patients of stays that a trim point that differs can pay for
-- grain: one row per patient and stay
-- key: patient_id
-- source: docs/regelverk.md 3, 7.1 and 7.2.2; regulation §7.1, §7.2.2
select
    'trim_point' as cause,
    stay.patient_id,
from stay
inner join changed_drg on changed_drg.sector = stay.sector and changed_drg.drg = stay.drg
where changed_drg.has_other_trim_point
    and stay.effective_length > changed_drg.lower_trim_point
    and (
        -- §7.1 pays from some days after the trim point, §7.2.2 from the trim point where rehabilitation is coded.
        (
            stay.effective_length > changed_drg.lower_trim_point + ref.number('7.1', 'days_after_trim')
            and changed_drg.upper_trim_point > ref.number('7.1', 'trim_above')
        )
        or stay.stay_nr in (select stay_nr from stay_code where code_kind = 'condition')
    )
