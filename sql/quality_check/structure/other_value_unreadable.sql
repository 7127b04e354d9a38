-- what: episodes with another optional value that is reported but cannot be read
-- grain: one row per failing row
-- key: episode_nr
-- check: structure
-- source: docs/delivery.md; regulation §3.5, §3.8
select
    episode.episode_nr,
    string_agg(unparsed.column_name || ' ' || unparsed.value, ', ' order by unparsed.column_name) as value,
from unparsed_episode as unparsed
inner join finding_episode as episode on episode.episode_nr = unparsed.episode_nr
where unparsed.column_name not in ('fodselsar', 'debitor', 'komNrHjem')
group by all
