-- what: episodes whose unit is not in the unit file
-- grain: one row per failing row
-- key: episode_nr
-- check: validity
-- source: regulation §4.4, §3.2.1 f
select
    episode.episode_nr,
    reported.avdeling as value,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where reported.avdeling not in (select enhetID from landing.enhet)
    and reported.avdeling not in (select row_key from quarantined_row where file = 'enhet')
