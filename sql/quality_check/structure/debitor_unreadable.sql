-- what: episodes whose debitor is reported but cannot be read
-- grain: one row per failing row
-- key: episode_nr
-- check: structure
-- source: docs/delivery.md; regulation §3.5, §3.8
select
    episode.episode_nr,
    unparsed_episode.value,
from unparsed_episode
inner join finding_episode as episode on episode.episode_nr = unparsed_episode.episode_nr
where unparsed_episode.column_name = 'debitor'
