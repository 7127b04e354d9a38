-- what: contacts of the same patient at the same unit and time in the same DRG
-- grain: one row per failing row
-- key: row_key
-- check: plausibility
-- source: regulation §3.5, §3.8
with
repeated as (
    select
        patient_id,
        unit_id,
        start_s,
        drg,
    from episode
    where not is_department_stay and start_time_known and reason = 'included'
    group by patient_id, unit_id, start_s, drg
    having count(*) > 1
)

select
    episode.row_type,
    episode.row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    episode.month,
    episode.drg as value,
    -- Contacts of one day and institution are merged to one stay: no points of their own.
    cast(0 as decimal(18, 3)) as points_at_stake,
from repeated
inner join finding_episode as episode
    on episode.patient_id = repeated.patient_id
    and episode.unit_id = repeated.unit_id
    and episode.start_s = repeated.start_s
    and episode.drg = repeated.drg
where not episode.is_department_stay and episode.reason = 'included'
qualify row_number() over (
    partition by episode.patient_id, episode.unit_id, episode.start_s, episode.drg order by episode.row_key
) > 1
