-- what: the lines of a crosswalk: those that are used, those that change nothing, and those without an accepted episode
-- grain: one row
-- key: lines
-- source: docs/simulation.md
select
    count(*) as lines,
    count(episode.episode_nr) as used,
    count(*) filter (where episode.drg is distinct from line.drg and episode.episode_nr is not null) as changed,
    count(*) - count(episode.episode_nr) as without_episode,
from crosswalk_line as line
left join reported_episode as episode on episode.episode_id = line.episode_id
