-- what: the accepted episodes that the crosswalk gives a DRG, as an episode grouped anew
-- grain: one row per such episode
-- key: unit_nr
-- source: docs/simulation.md
select
    episode.episode_nr as unit_nr,
    line.drg,
    cast(null as varchar) as ord,
    cast(null as varchar) as rtc,
    cast(null as varchar) as mdc,
    cast(null as varchar) as hdg,
    true as is_in_list,
from crosswalk_line as line
inner join landing.episode as episode on episode.episodeID = line.episode_id
