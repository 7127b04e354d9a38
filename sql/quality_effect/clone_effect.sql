-- what: what each trial moves: points after, less points before, of all patients it touches
-- grain: one row per trial
-- key: clone_nr
-- source: docs/quality/README.md
select
    clone_patient.clone_nr,
    cast(sum(coalesce(after.points, 0) - coalesce(before.points, 0)) as decimal(18, 3)) as points,
from clone_patient
left join patient_points as after
    on after.clone_nr = clone_patient.clone_nr and after.patient_id = clone_patient.patient_id
left join patient_points as before on before.clone_nr = 0 and before.patient_id = clone_patient.patient_id
where clone_patient.clone_nr > 0
group by clone_patient.clone_nr
