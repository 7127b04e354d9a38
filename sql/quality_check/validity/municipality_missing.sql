-- what: episodes without municipality of residence
-- grain: one row per failing row
-- key: row_key
-- check: validity
-- source: regulation §4.2
select
    episode.row_type,
    episode.row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    episode.month,
    cast(null as varchar) as value,
    if(episode.reason = 'unknown_municipality', episode.lost_points, 0) as points_at_stake,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where reported.komNrHjem is null
    and reported.episode_nr not in (select episode_nr from unparsed_episode where column_name = 'komNrHjem')
