-- what: episodes that begin after the patient is reported dead
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §3.5, §4.11
with
dead as (
    select
        pasientID as patient_id,
        min(utDatoTid) as died,
    from landing.episode
    where utTilstand in (
            select number from check_parameter where check_id = 'activity_after_death' and parameter = 'condition'
        )
        and utDatoTid is not null
    group by pasientID
)

select
    episode.episode_nr,
    cast(cast(dead.died as date) as varchar) as value,
from dead
inner join finding_episode as episode on episode.patient_id = dead.patient_id
where episode.start_date > cast(dead.died as date)
