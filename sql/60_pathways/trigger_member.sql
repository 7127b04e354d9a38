-- what: stays in pathways that a trigger stay starts
-- grain: one row per stay
-- key: stay_nr
-- source: docs/regelverk.md 5, second point; regulation §7.18 (TFG)
with
trigger_stay as (
    select
        component.tfg,
        component.sector,
        component.base_points,
        stay.stay_nr,
        stay.stay_id,
        stay.patient_id,
        stay.start_s,
        stay.start_date,
        stay.end_date as period_date,
        stay.hf_orgnr,
        stay.municipality_number,
        stay.residence_rhf_orgnr,
    from stay
    inner join pathway_component as component
        on component.period = 'per_trigger'
        and component.role = 'trigger'
        and component.sector = stay.sector
        and component.code = stay.drg
    where not stay.is_phv_inpatient
),

follower as (
    select
        trigger_stay.*,
        stay.stay_nr as member_stay_nr,
        stay.stay_id as member_stay_id,
        date_diff('day', trigger_stay.start_date, stay.start_date) as days_after_trigger,
    from stay
    inner join trigger_stay on trigger_stay.patient_id = stay.patient_id
    inner join pathway_component as component
        on component.period = 'per_trigger'
        and component.role = 'member'
        and component.tfg = trigger_stay.tfg
        and component.sector = stay.sector
        and component.code = stay.drg
    where not stay.is_phv_inpatient
        and stay.stay_nr not in (select stay_nr from trigger_stay)
        and year(stay.end_date) = year(trigger_stay.period_date)
        and (component.main_condition_prefix is null or starts_with(stay.main_condition, component.main_condition_prefix))
        and date_diff('day', trigger_stay.start_date, stay.start_date)
            between coalesce(component.min_days_after_trigger, -100000)
            and coalesce(component.max_days_after_trigger, 100000)
),

nearest as (
    -- A stay that fits several goes to the nearest trigger in days (ties: the earlier).
    select *
    from follower
    qualify row_number() over (
        partition by member_stay_nr order by abs(days_after_trigger), start_s, stay_id, tfg
    ) = 1
),

member as (
    select
        tfg,
        sector,
        base_points,
        stay_id,
        patient_id,
        start_s,
        period_date,
        hf_orgnr,
        municipality_number,
        residence_rhf_orgnr,
        stay_nr as member_stay_nr,
        stay_id as member_stay_id,
        0 as days_after_trigger,
        'trigger' as role,
    from trigger_stay
    union all
    select
        tfg,
        sector,
        base_points,
        stay_id,
        patient_id,
        start_s,
        period_date,
        hf_orgnr,
        municipality_number,
        residence_rhf_orgnr,
        member_stay_nr,
        member_stay_id,
        days_after_trigger,
        'member' as role,
    from nearest
)

select
    tfg || '|' || patient_id || '|' || stay_id as pathway_id,
    tfg,
    sector,
    patient_id,
    cast(year(period_date) as varchar) as period,
    base_points,
    role,
    member_stay_id as unit_id,
    member_stay_nr as stay_nr,
    days_after_trigger,
    stay_id as trigger_stay_id,
    period_date,
    start_s as first_s,
    hf_orgnr,
    municipality_number,
    residence_rhf_orgnr,
from member
