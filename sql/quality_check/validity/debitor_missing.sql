-- what: episodes without debitor
-- grain: one row per failing row
-- key: row_key
-- check: validity
-- source: regulation §4.5, §3.2.1 i
select
    episode.row_type,
    episode.row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    episode.month,
    cast(null as varchar) as value,
    if(episode.reason = 'debitor_not_isf', episode.lost_points, 0) as points_at_stake,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where reported.debitor is null
    and reported.episode_nr not in (select episode_nr from unparsed_episode where column_name = 'debitor')
