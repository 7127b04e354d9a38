-- what: episodes that begin after the patient is reported dead
-- grain: one row per failing row
-- key: row_key
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
    episode.row_type,
    episode.row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    episode.month,
    cast(cast(dead.died as date) as varchar) as value,
    cast(if(episode.reason = 'included', -coalesce(drg.base_points, 0), 0) as decimal(18, 3)) as points_at_stake,
from dead
inner join finding_episode as episode on episode.patient_id = dead.patient_id
left join ref.drg as drg on drg.sector = episode.sector and drg.drg = episode.drg
where episode.start_date > cast(dead.died as date)
