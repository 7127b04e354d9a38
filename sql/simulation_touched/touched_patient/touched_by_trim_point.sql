-- what: patients of stays that a trim point that differs can pay for
-- grain: one row per patient and stay
-- key: patient_id
-- source: rulebook section 3, 7.1 and 7.2.2; regulation §7.1, §7.2.2
with
long_stay as (
    select
        max(number) filter (where parameter = 'trim_above') as trim_above,
        max(number) filter (where parameter = 'days_after_trim') as days_after_trim,
    from ref.parameter
    where rule = '7.1'
)

select
    'trim_point' as cause,
    stay.patient_id,
from stay
inner join changed_drg on changed_drg.sector = stay.sector and changed_drg.drg = stay.drg
cross join long_stay
where changed_drg.has_other_trim_point
    and stay.effective_length > changed_drg.lower_trim_point
    and (
        -- §7.1 pays from some days after the trim point, §7.2.2 from the trim point where rehabilitation is coded.
        (
            stay.effective_length > changed_drg.lower_trim_point + long_stay.days_after_trim
            and changed_drg.upper_trim_point > long_stay.trim_above
        )
        or stay.stay_nr in (select stay_nr from stay_code where code_kind = 'condition')
    )
