-- what: the points of each patient in each trial: stays, services, pathways and what they take over
-- grain: one row per patient of a trial
-- key: clone_nr, patient_id
-- source: regulation §3.11
with
-- The regional deduction is no patient's, so it is no finding's either.
ledger_row as (
    select stay.patient_id, stay_points.points
    from stay_points
    inner join stay on stay.stay_nr = stay_points.stay_nr
    union all
    select service.patient_id, service_points.points
    from service_points
    inner join service on service.service_id = service_points.service_id
    union all
    select pathway.patient_id, pathway_points.points
    from pathway_points
    inner join pathway on pathway.pathway_id = pathway_points.pathway_id
    union all
    select stay.patient_id, pathway_zeroing.points
    from pathway_zeroing
    inner join stay on stay.stay_nr = pathway_zeroing.stay_nr
    where pathway_zeroing.unit_type = 'stay'
    union all
    select service.patient_id, pathway_zeroing.points
    from pathway_zeroing
    inner join service on service.service_id = pathway_zeroing.unit_id
    where pathway_zeroing.unit_type = 'service'
)

select
    cast(split_part(patient_id, '|', 1) as bigint) as clone_nr,
    substr(patient_id, strpos(patient_id, '|') + 1) as patient_id,
    cast(sum(points) as decimal(18, 3)) as points,
from ledger_row
group by clone_nr, patient_id
