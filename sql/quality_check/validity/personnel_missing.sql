-- what: contacts without any performing person
-- grain: one row per failing row
-- key: row_key
-- check: validity
-- source: regulation §4.3, §7.8
select
    episode.row_type,
    episode.row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    episode.month,
    cast(null as varchar) as value,
    if(episode.reason = 'no_eligible_personnel', episode.lost_points, 0) as points_at_stake,
from finding_episode as episode
where not episode.is_department_stay
    and episode.episode_nr not in (select episode_nr from landing.helseperson)
    and episode.episode_nr not in (select episode_nr from service_report)
