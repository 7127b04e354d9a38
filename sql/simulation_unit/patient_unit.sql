-- what: what every counted unit is paid by every rule, before zeroing and pathways take it back
-- grain: one row per unit and rule
-- key: unit_type, unit_id, rule
-- as: view
-- source: docs/regelverk.md 3 to 5; docs/simulation.md
with
-- PHV/TSB inpatient stays end at 0 under every weight (§3.2.3 c) and are left out.
stay_unit as (
    select
        stay.stay_nr,
        stay.patient_id,
        stay.sector,
        stay.hf_orgnr,
        stay.residence_rhf_orgnr,
        stay.municipality_number,
        stay.drg as group_code,
        zeroing_rule.rule as zeroing_rule,
        member.rule as member_rule,
    from stay
    left join zeroing_rule on zeroing_rule.stay_nr = stay.stay_nr
    left join pathway_member as member on member.unit_type = 'stay' and member.stay_nr = stay.stay_nr
    where not stay.is_phv_inpatient
),

service_unit as (
    select
        service.service_id,
        service.patient_id,
        service.sector,
        service.hf_orgnr,
        service.residence_rhf_orgnr,
        service.municipality_number,
        service.stg as group_code,
        cast(null as varchar) as zeroing_rule,
        member.rule as member_rule,
    from service
    left join pathway_member as member on member.unit_type = 'service' and member.unit_id = service.service_id
    where service.status = 'counted'
),

pathway_unit as (
    select
        pathway_id,
        patient_id,
        sector,
        hf_orgnr,
        residence_rhf_orgnr,
        municipality_number,
        tfg as group_code,
        cast(null as varchar) as zeroing_rule,
        cast(null as varchar) as member_rule,
    from pathway
),

unit as (
    select
        'stay' as unit_type,
        cast(stay_rule.stay_nr as varchar) as unit_id,
        stay_rule.rule,
        stay_rule.kind,
        stay_rule.points,
        stay_unit.* exclude (stay_nr),
    from stay_rule
    inner join stay_unit on stay_unit.stay_nr = stay_rule.stay_nr
    union all
    select
        'service' as unit_type,
        service_points.service_id as unit_id,
        service_points.rule,
        service_points.kind,
        service_points.points,
        service_unit.* exclude (service_id),
    from service_points
    inner join service_unit on service_unit.service_id = service_points.service_id
    union all
    select
        'pathway' as unit_type,
        pathway_points.pathway_id as unit_id,
        pathway_points.rule,
        pathway_points.kind,
        pathway_points.points,
        pathway_unit.* exclude (pathway_id),
    from pathway_points
    inner join pathway_unit on pathway_unit.pathway_id = pathway_points.pathway_id
)

select
    unit.sector,
    unit.unit_type,
    unit.unit_id,
    unit.patient_id,
    unit.hf_orgnr,
    unit.residence_rhf_orgnr,
    municipality.county as residence_county,
    unit.group_code,
    unit.zeroing_rule,
    unit.member_rule,
    unit.rule,
    unit.kind,
    1 as units,
    unit.points,
from unit
left join ref.municipality as municipality on municipality.municipality_number = unit.municipality_number
