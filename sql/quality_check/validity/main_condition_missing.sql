-- what: finished episodes without a main condition
-- grain: one row per failing row
-- key: episode_nr
-- check: validity
-- source: regulation §4.14, §7.18
select
    episode.episode_nr,
    cast(null as varchar) as value,
from finding_episode as episode
where episode.main_condition is null
    and episode.reason not in ('not_finished_in_period', 'reports_service')
    and episode.episode_nr not in (select episode_nr from service_report)
