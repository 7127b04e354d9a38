-- what: the episodes that are stays by themselves
-- grain: one row per such episode
-- key: episode_nr
-- as: view
-- source: regulation §7.18; where episodes are grouped, all of them
select episode_nr
from episode
where reason = 'included' and episode_nr not in (select episode_nr from merged_episode)
