-- what: the HDGs that compete for contacts without doctor, on days that are parted by HDG
-- grain: one row per patient, institution and day, and HDG and DRG of a doctor's contact
-- key: patient_id, institution_id, start_date, hdg, drg
-- source: docs/regelverk.md 2.1 point 2; regulation §7.18
with
contact as (
    select
        episode.patient_id,
        episode.institution_id,
        episode.start_date,
        episode.sector,
        episode.hdg,
        episode.drg,
        outpatient_contact.has_doctor,
    from outpatient_contact
    inner join episode on episode.episode_nr = outpatient_contact.episode_nr
),

-- Only where a contact without doctor follows the heaviest HDG can weights move it.
undecided as (
    select distinct
        patient_id,
        institution_id,
        start_date,
    from contact
    where not has_doctor
)

select distinct
    contact.patient_id,
    contact.institution_id,
    contact.start_date,
    contact.sector,
    contact.hdg,
    contact.drg,
from contact
inner join undecided
    on undecided.patient_id = contact.patient_id
    and undecided.institution_id = contact.institution_id
    and undecided.start_date = contact.start_date
where contact.has_doctor
