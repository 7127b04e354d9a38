-- what: finished episodes with a DRG that is not in the sector's table of the year
-- grain: one row per failing row
-- key: episode_nr
-- check: validity
-- source: regulation §3.2.1 d
select
    episode.episode_nr,
    reported.drg as value,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where reported.drg is not null
    and (if(reported.sektor = 'SOM', 'SOM', 'PHVTSB'), reported.drg) not in (select (sector, drg) from ref.drg)
    and reported.utDatoTid is not null
    and cast(reported.utDatoTid as date) between (select period_from from landing.delivery)
        and (select period_to from landing.delivery)
    and reported.episode_nr not in (select episode_nr from service_report)
