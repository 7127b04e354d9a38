-- what: episodes whose unit is not in the unit file
-- grain: one row per failing row
-- key: row_key
-- check: validity
-- source: regulation §4.4, §3.2.1 f
select
    episode.row_type,
    episode.row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    episode.month,
    reported.avdeling as value,
    if(episode.reason = 'unit_not_isf', episode.lost_points, 0) as points_at_stake,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where reported.avdeling not in (select enhetID from landing.enhet)
    and reported.avdeling not in (select row_key from quarantined_row where file = 'enhet')
