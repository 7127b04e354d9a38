-- what: what each way of putting a finding right moves: points after, less points before, of all patients it touches
-- grain: one row per finding and way
-- key: finding_nr, variant
-- source: docs/quality/README.md
with
moved as (
    select
        clone_patient.clone_nr,
        sum(coalesce(after.points, 0) - coalesce(before.points, 0)) as points,
    from clone_patient
    left join patient_points as after
        on after.clone_nr = clone_patient.clone_nr and after.patient_id = clone_patient.patient_id
    left join patient_points as before on before.clone_nr = 0 and before.patient_id = clone_patient.patient_id
    where clone_patient.clone_nr > 0
    group by clone_patient.clone_nr
),

weighed as (
    select
        finding_nr,
        variant,
        max(weight) as weight,
    from change
    group by finding_nr, variant
)

select
    weighed.finding_nr,
    weighed.variant,
    cast(weighed.weight as bigint) as weight,
    cast(coalesce(moved.points, 0) as decimal(18, 3)) as points,
from weighed
left join clone on clone.finding_nr = weighed.finding_nr and clone.variant = weighed.variant
left join moved on moved.clone_nr = clone.clone_nr
