-- what: episodes without urgency
-- grain: one row per failing row
-- key: row_key
-- check: validity
-- source: regulation §7.14, §7.19
select
    episode.row_type,
    episode.row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    episode.month,
    cast(null as varchar) as value,
    cast(0 as decimal(18, 3)) as points_at_stake,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where reported.innmateHast is null
    -- A value that could not be read is another finding.
    and reported.episode_nr not in (select episode_nr from unparsed_episode where column_name = 'innmateHast')
