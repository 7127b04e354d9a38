-- what: stays and services in pathways that count per year or month
-- grain: one row per unit and TFG
-- key: tfg, unit_type, unit_id
-- source: docs/regelverk.md 5, first point; regulation §7.5, §7.7
with
unit as (
    select
        'stay' as unit_type,
        stay_id as unit_id,
        stay_nr,
        patient_id,
        sector,
        'drg' as member_type,
        drg as code,
        main_condition,
        -- A stay lies in the period of its last end.
        end_date as period_date,
        start_s as first_s,
        hf_orgnr,
        municipality_number,
        residence_rhf_orgnr,
    from stay
    where not is_phv_inpatient and drg in (select code from pathway_component where member_type = 'drg')
    union all
    select
        'service' as unit_type,
        service_id as unit_id,
        null as stay_nr,
        patient_id,
        sector,
        'stg' as member_type,
        stg as code,
        null as main_condition,
        period_date,
        first_s,
        hf_orgnr,
        municipality_number,
        residence_rhf_orgnr,
    from service
    where status = 'counted'
),

member as (
    select distinct
        component.tfg,
        component.sector,
        component.base_points,
        if(
            component.period = 'month', strftime(unit.period_date, '%Y-%m'), cast(year(unit.period_date) as varchar)
        ) as period,
        year(unit.period_date) as period_year,
        tfg_exclusive_group.exclusive_group,
        unit.* exclude (sector, member_type, code, main_condition),
    from unit
    inner join pathway_component as component
        on component.member_type = unit.member_type
        and component.code = unit.code
        and component.sector = unit.sector
        and component.period in ('year', 'month')
        and (component.main_condition_prefix is null or starts_with(unit.main_condition, component.main_condition_prefix))
    left join ref.tfg_exclusive_group as tfg_exclusive_group on tfg_exclusive_group.tfg = component.tfg
),

ranked as (
    select
        *,
        -- Of an exclusive group only the TFG with the highest base points is formed per patient and year (assumption).
        first_value(tfg) over (
            partition by exclusive_group, patient_id, period_year order by base_points desc, tfg, unit_id
        ) as winning_tfg,
    from member
)

select
    tfg || '|' || patient_id || '|' || period as pathway_id,
    tfg,
    sector,
    patient_id,
    period,
    base_points,
    unit_type,
    unit_id,
    stay_nr,
    period_date,
    first_s,
    hf_orgnr,
    municipality_number,
    residence_rhf_orgnr,
from ranked
where exclusive_group is null or tfg = winning_tfg
