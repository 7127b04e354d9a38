-- what: finished episodes without a main condition
-- grain: one row per failing row
-- key: row_key
-- check: validity
-- source: regulation §4.14, §7.18
select
    episode.row_type,
    episode.row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    episode.month,
    cast(null as varchar) as value,
    cast(0 as decimal(18, 3)) as points_at_stake,
from finding_episode as episode
where episode.main_condition is null
    and episode.reason not in ('not_finished_in_period', 'reports_service')
    and episode.episode_nr not in (select episode_nr from service_report)
