-- what: the patients whom a trial touches, and all of them as reported
-- grain: one row per trial and patient; trial 0 is as reported
-- key: clone_nr, patient_id
-- source: docs/quality/README.md
with
touched as (
    select finding_nr, patient_id from finding where patient_id is not null
    union
    -- All that have been at the unit.
    select
        finding.finding_nr,
        episode.patient_id,
    from finding
    inner join episode on episode.unit_id = finding.row_key
    where finding.row_type = 'enhet'
    union
    -- Rows with one id may be of several patients.
    select
        finding.finding_nr,
        quarantined.patient_id,
    from finding
    inner join quarantined_row as quarantined
        on quarantined.file = finding.row_type
        and quarantined.row_key = finding.row_key
        and quarantined.reason = 'duplicate_id'
    where finding.repair = 'id_of_its_own'
),

tried as (
    select distinct
        clone.clone_nr,
        touched.patient_id,
    from clone
    inner join touched on touched.finding_nr = clone.finding_nr
)

select clone_nr, patient_id from tried
union all
select distinct
    0 as clone_nr,
    patient_id,
from tried
