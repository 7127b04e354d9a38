-- what: episodes with an urgency outside the code list
-- grain: one row per failing row
-- key: episode_nr
-- check: validity
-- source: regulation §7.14, §7.19
select
    episode.episode_nr,
    cast(reported.innmateHast as varchar) as value,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where cast(reported.innmateHast as varchar) not in (select code from ref.code where field = 'innmateHast')
