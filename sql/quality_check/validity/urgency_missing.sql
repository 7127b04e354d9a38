-- what: episodes without urgency
-- grain: one row per failing row
-- key: episode_nr
-- check: validity
-- source: regulation §7.14, §7.19
select
    episode.episode_nr,
    cast(null as varchar) as value,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where reported.innmateHast is null
    -- A value that could not be read is another finding.
    and reported.episode_nr not in (select episode_nr from unparsed_episode where column_name = 'innmateHast')
