-- what: optional values of episodes that could not be read and count as missing
-- grain: one row per value
-- key: episode_nr, column_name
-- source: docs/delivery.md
select
    episode.episode_nr,
    unparsed.column_name,
    unparsed.value,
from landing.unparsed as unparsed
-- By the row's id: a line is no row where a field holds line ends or lines are blank.
inner join landing.episode as episode on episode.episodeID = unparsed.row_key
where unparsed.file = 'episode'
