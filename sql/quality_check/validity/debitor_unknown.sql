-- what: episodes with a debitor that is not in the code list
-- grain: one row per failing row
-- key: episode_nr
-- check: validity
-- source: regulation §4.5, §3.2.1 i
select
    episode.episode_nr,
    cast(reported.debitor as varchar) as value,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where reported.debitor not in (select code from ref.debitor)
