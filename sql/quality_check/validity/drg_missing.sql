-- what: finished episodes without DRG
-- grain: one row per failing row
-- key: episode_nr
-- check: validity
-- source: regulation §3.2.1 d
select
    episode.episode_nr,
    cast(null as varchar) as value,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where reported.drg is null
    and reported.utDatoTid is not null
    and cast(reported.utDatoTid as date) between (select period_from from landing.delivery)
        and (select period_to from landing.delivery)
    and reported.episode_nr not in (select episode_nr from service_report)
