-- what: episodes without debitor
-- grain: one row per failing row
-- key: episode_nr
-- check: validity
-- source: regulation §4.5, §3.2.1 i
select
    episode.episode_nr,
    cast(null as varchar) as value,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where reported.debitor is null
    and reported.episode_nr not in (select episode_nr from unparsed_episode where column_name = 'debitor')
