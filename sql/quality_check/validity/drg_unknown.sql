-- what: finished episodes with a DRG that is not in the sector's table of the year
-- grain: one row per failing row
-- key: row_key
-- check: validity
-- source: regulation §3.2.1 d
select
    episode.row_type,
    episode.row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    episode.month,
    reported.drg as value,
    if(episode.reason = 'ungrouped', episode.lost_points, 0) as points_at_stake,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where reported.drg is not null
    and (if(reported.sektor = 'SOM', 'SOM', 'PHVTSB'), reported.drg) not in (select (sector, drg) from ref.drg)
    and reported.utDatoTid is not null
    and cast(reported.utDatoTid as date) between (select period_from from landing.delivery)
        and (select period_to from landing.delivery)
    and reported.episode_nr not in (select episode_nr from service_report)
