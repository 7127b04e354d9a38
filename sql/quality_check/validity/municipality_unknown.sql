-- what: episodes with a municipality that the year does not have, or that is reported as unknown
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
    format('{:04d}', reported.komNrHjem) as value,
    if(episode.reason = 'unknown_municipality', episode.lost_points, 0) as points_at_stake,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where reported.komNrHjem not in (select municipality_number from ref.municipality)
    and reported.komNrHjem not in (from ref.numbers('4.2', 'not_resident_municipality'))
