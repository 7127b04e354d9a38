-- what: contacts without any performing person
-- grain: one row per failing row
-- key: episode_nr
-- check: validity
-- source: regulation §4.3, §7.8
select
    episode.episode_nr,
    cast(null as varchar) as value,
from finding_episode as episode
where not episode.is_department_stay
    and episode.episode_nr not in (select episode_nr from landing.helseperson)
    and episode.episode_nr not in (select episode_nr from service_report)
