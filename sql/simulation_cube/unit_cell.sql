-- what: the activity in small: counted units and points per trust, region of residence, group, state and rule
-- grain: one row per trust, region of residence, group, state and rule
-- key: sector, unit_type, hf_orgnr, residence_rhf_orgnr, group_code, zeroing_rule, member_rule, rule
-- source: docs/regelverk.md 3 to 5; docs/simulation.md
with
-- PHV/TSB inpatient stays end at 0 under every weight (§3.2.3 c) and are left out.
stay_unit as (
    select
        stay.stay_nr,
        stay.sector,
        stay.hf_orgnr,
        stay.residence_rhf_orgnr,
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
        service.sector,
        service.hf_orgnr,
        service.residence_rhf_orgnr,
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
        sector,
        hf_orgnr,
        residence_rhf_orgnr,
        tfg as group_code,
        cast(null as varchar) as zeroing_rule,
        cast(null as varchar) as member_rule,
    from pathway
),

unit as (
    select
        'stay' as unit_type,
        stay_rule.rule,
        stay_rule.kind,
        stay_rule.points,
        stay_unit.* exclude (stay_nr),
    from stay_rule
    inner join stay_unit on stay_unit.stay_nr = stay_rule.stay_nr
    union all
    select
        'service' as unit_type,
        service_points.rule,
        service_points.kind,
        service_points.points,
        service_unit.* exclude (service_id),
    from service_points
    inner join service_unit on service_unit.service_id = service_points.service_id
    union all
    select
        'pathway' as unit_type,
        pathway_points.rule,
        pathway_points.kind,
        pathway_points.points,
        pathway_unit.* exclude (pathway_id),
    from pathway_points
    inner join pathway_unit on pathway_unit.pathway_id = pathway_points.pathway_id
)

select
    sector,
    unit_type,
    hf_orgnr,
    residence_rhf_orgnr,
    group_code,
    zeroing_rule,
    member_rule,
    rule,
    kind,
    count(*) as units,
    cast(sum(points) as decimal(18, 3)) as points,
from unit
group by all
