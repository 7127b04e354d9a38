-- what: episodes with another optional value that is reported but cannot be read
-- grain: one row per failing row
-- key: row_key
-- check: structure
-- source: docs/delivery.md; regulation §3.5, §3.8
select
    episode.row_type,
    episode.row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    episode.month,
    string_agg(unparsed.column_name || ' ' || unparsed.value, ', ' order by unparsed.column_name) as value,
    cast(0 as decimal(18, 3)) as points_at_stake,
from unparsed_episode as unparsed
inner join finding_episode as episode on episode.episode_nr = unparsed.episode_nr
where unparsed.column_name not in ('fodselsar', 'debitor', 'komNrHjem')
group by all
