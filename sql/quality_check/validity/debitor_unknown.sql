-- what: episodes with a debitor that is not in the code list
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
    cast(reported.debitor as varchar) as value,
    if(episode.reason = 'debitor_not_isf', episode.lost_points, 0) as points_at_stake,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where reported.debitor not in (select code from ref.debitor)
