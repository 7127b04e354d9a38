-- what: the ledger without the base points of stays
-- grain: one row per unit and rule
-- key: unit_type, unit_id, rule
-- plain: unit_id
-- source: docs/regelverk.md 0; regulation §3.11
with
stay_row as (
    select stay_nr, rule, kind, points from stay_points where kind <> 'base'
    union all
    select stay_nr, rule, kind, points from pathway_zeroing where unit_type = 'stay'
),

service_row as (
    select service_id, rule, kind, points from service_points
    union all
    select unit_id as service_id, rule, kind, points from pathway_zeroing where unit_type = 'service'
)

select
    'stay' as unit_type,
    stay.stay_id as unit_id,
    stay_row.rule,
    stay_row.kind,
    stay.sector,
    stay.hf_orgnr,
    stay.residence_rhf_orgnr,
    stay.drg as group_code,
    month(stay.end_date) as month,
    cast(stay_row.points as decimal(18, 3)) as points,
from stay_row
inner join stay on stay.stay_nr = stay_row.stay_nr
union all
select
    'service' as unit_type,
    service.service_id as unit_id,
    service_row.rule,
    service_row.kind,
    service.sector,
    service.hf_orgnr,
    service.residence_rhf_orgnr,
    service.stg as group_code,
    month(service.period_date) as month,
    cast(service_row.points as decimal(18, 3)) as points,
from service_row
inner join service on service.service_id = service_row.service_id
union all
select
    'pathway' as unit_type,
    pathway.pathway_id as unit_id,
    pathway_points.rule,
    pathway_points.kind,
    pathway.sector,
    pathway.hf_orgnr,
    pathway.residence_rhf_orgnr,
    pathway.tfg as group_code,
    month(pathway.period_date) as month,
    cast(pathway_points.points as decimal(18, 3)) as points,
from pathway_points
inner join pathway on pathway.pathway_id = pathway_points.pathway_id
union all
select
    'region' as unit_type,
    residence_rhf_orgnr as unit_id,
    rule,
    kind,
    'SOM' as sector,
    null as hf_orgnr,
    residence_rhf_orgnr,
    complex_drg as group_code,
    null as month,
    cast(points as decimal(18, 3)) as points,
from regional_deduction
