-- what: patients of a trust that have the same base points before and after, in whole thousandths
-- grain: one row per sector, trust, points before and points after
-- key: sector, hf_orgnr, before, after
-- source: docs/simulation.md
with
point as (
    select
        old.sector,
        old.unit_type,
        old.group_code,
        cast(1000 * old.base_points as bigint) as before,
        cast(1000 * coalesce(new.base_points, old.base_points) as bigint) as after,
    from baseline_group as old
    left join alternative_group as new
        on new.sector = old.sector and new.unit_type = old.unit_type and new.group_code = old.group_code
),

unit as (
    select
        sector,
        'stay' as unit_type,
        drg as group_code,
        hf_orgnr,
        patient_id,
    from stay
    where not is_phv_inpatient
    union all
    select
        sector,
        'service' as unit_type,
        stg as group_code,
        hf_orgnr,
        patient_id,
    from service
    where status = 'counted'
),

patient as (
    select
        unit.sector,
        unit.hf_orgnr,
        cast(sum(point.before) as bigint) as before,
        cast(sum(point.after) as bigint) as after,
    from unit
    inner join point
        on point.sector = unit.sector and point.unit_type = unit.unit_type and point.group_code = unit.group_code
    group by unit.sector, unit.hf_orgnr, unit.patient_id
)

select
    sector,
    hf_orgnr,
    before,
    after,
    count(*) as patients,
from patient
group by all
