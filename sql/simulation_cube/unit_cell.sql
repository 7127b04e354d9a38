-- what: the activity in small: counted units and points per trust, region of residence, group, state and rule
-- grain: one row per trust, region of residence, group, state and rule
-- key: sector, unit_type, hf_orgnr, residence_rhf_orgnr, group_code, zeroing_rule, is_member, rule
-- source: rulebook sections 3 to 5; docs/simulation.md
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
        * exclude (stay_nr),
    from stay_unit
    union all
    select
        'stay' as unit_type,
        stay_rule.rule,
        stay_unit.* exclude (stay_nr, points),
        stay_rule.points,
    from stay_rule
    inner join stay_unit on stay_unit.stay_nr = stay_rule.stay_nr
    where stay_rule.rule not in ('drg_base', 'phv_inpatient')
    union all
    select
        'service' as unit_type,
        'stg_base' as rule,
        sector,
        hf_orgnr,
        residence_rhf_orgnr,
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
        sector,
        hf_orgnr,
        residence_rhf_orgnr,
        tfg as group_code,
        null as zeroing_rule,
        false as is_member,
        base_points as points,
    from pathway
)

select
    sector,
    unit_type,
    hf_orgnr,
    residence_rhf_orgnr,
    group_code,
    zeroing_rule,
    is_member,
    rule,
    count(*) as units,
    cast(sum(points) as decimal(18, 3)) as points,
from unit
group by all
