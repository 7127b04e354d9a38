-- what: contacts of the same patient at the same unit and time in the same DRG
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §3.5, §3.8
with
-- One number stands for patient, unit, time and DRG; what shares it is compared in full below.
contact as (
    select
        episode_nr,
        hash(patient_id, unit_id, start_s, drg) as likeness,
    from episode
    where not is_department_stay and start_time_known and reason = 'included'
),

repeated as (
    select likeness from contact group by likeness having count(*) > 1
),

candidate as (
    select episode_nr from contact where likeness in (select likeness from repeated)
)

select
    episode.episode_nr,
    episode.drg as value,
from candidate
inner join finding_episode as episode on episode.episode_nr = candidate.episode_nr
qualify row_number() over (
    partition by episode.patient_id, episode.unit_id, episode.start_s, episode.drg order by episode.row_key
) > 1
