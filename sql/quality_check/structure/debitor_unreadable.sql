-- what: episodes whose debitor is reported but cannot be read
-- grain: one row per failing row
-- key: row_key
-- check: structure
-- source: docs/delivery.md; regulation §3.5, §3.8
select
    episode.row_type,
    episode.row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    episode.month,
    unparsed_episode.value,
    if(episode.reason = 'debitor_not_isf', episode.lost_points, 0) as points_at_stake,
from unparsed_episode
inner join finding_episode as episode on episode.episode_nr = unparsed_episode.episode_nr
where unparsed_episode.column_name = 'debitor'
