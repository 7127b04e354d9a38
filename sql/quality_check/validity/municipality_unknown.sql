-- what: episodes with a municipality that the year does not have, or that is reported as unknown
-- grain: one row per failing row
-- key: episode_nr
-- check: validity
-- source: regulation §4.2
select
    episode.episode_nr,
    format('{:04d}', reported.komNrHjem) as value,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where reported.komNrHjem not in (select municipality_number from ref.municipality)
    and reported.komNrHjem not in (from ref.numbers('4.2', 'not_resident_municipality'))
