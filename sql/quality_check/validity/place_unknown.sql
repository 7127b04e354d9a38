-- what: episodes with a place of activity outside the code list
-- grain: one row per failing row
-- key: episode_nr
-- check: validity
-- source: regulation §4.12, §7.17, §8.1
select
    episode.episode_nr,
    cast(reported.stedAktivitet as varchar) as value,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where cast(reported.stedAktivitet as varchar) not in (select code from ref.code where field = 'stedAktivitet')
