-- what: what every counted unit is paid by every rule, before zeroing and pathways take it back
-- grain: one row per unit and rule
-- key: unit_type, unit_id, rule
-- as: view
-- source: rulebook sections 3 to 5; docs/simulation.md
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
        stay.stay_nr in (select stay_nr from pathway_member where unit_type = 'stay') as is_member,
        stay.base_points as points,
    from stay
    left join zeroing_rule on zeroing_rule.stay_nr = stay.stay_nr
    where not stay.is_phv_inpatient
),

unit as (
    select
        'stay' as unit_type,
        'drg_base' as rule,
        cast(stay_nr as varchar) as unit_id,
        * exclude (stay_nr),
    from stay_unit
    union all
    select
        'stay' as unit_type,
        stay_rule.rule,
        cast(stay_unit.stay_nr as varchar) as unit_id,
        stay_unit.* exclude (stay_nr, points),
        stay_rule.points,
    from stay_rule
    inner join stay_unit on stay_unit.stay_nr = stay_rule.stay_nr
    where stay_rule.rule not in ('drg_base', 'phv_inpatient')
    union all
    select
        'service' as unit_type,
        'stg_base' as rule,
        service_id as unit_id,
        patient_id,
        sector,
        hf_orgnr,
        residence_rhf_orgnr,
        municipality_number,
        stg as group_code,
        null as zeroing_rule,
        service_id in (select unit_id from pathway_member where unit_type = 'service') as is_member,
        base_points as points,
    from service
    where status = 'counted'
    union all
    select
        'pathway' as unit_type,
        'tfg_base' as rule,
        pathway_id as unit_id,
        patient_id,
        sector,
        hf_orgnr,
        residence_rhf_orgnr,
        municipality_number,
        tfg as group_code,
        null as zeroing_rule,
        false as is_member,
        base_points as points,
    from pathway
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
    unit.is_member,
    unit.rule,
    1 as units,
    unit.points,
from unit
left join ref.municipality as municipality on municipality.municipality_number = unit.municipality_number
