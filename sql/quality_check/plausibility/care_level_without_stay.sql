-- what: contacts reported as for an inpatient, of patients who are not inpatients
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §5.2.4
with
claimed as (
    select
        episode_nr,
        patient_id,
        start_date,
        drg,
    from episode
    where reason = 'radiotherapy_inpatient'
),

inpatient as (
    select claimed.episode_nr
    from claimed
    inner join episode as stay
        on stay.patient_id = claimed.patient_id
        and stay.start_date <= claimed.start_date
        and coalesce(stay.end_date, claimed.start_date) >= claimed.start_date
    where stay.is_department_stay
)

select
    episode.episode_nr,
    claimed.drg as value,
from claimed
inner join finding_episode as episode on episode.episode_nr = claimed.episode_nr
where claimed.episode_nr not in (select episode_nr from inpatient)
