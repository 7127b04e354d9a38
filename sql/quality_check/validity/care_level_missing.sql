-- what: episodes without level of care, or with one outside the code list
-- grain: one row per failing row
-- key: episode_nr
-- check: validity
-- source: regulation §5.1, §5.2.4
select
    episode.episode_nr,
    cast(reported.omsorgsniva as varchar) as value,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where coalesce(cast(reported.omsorgsniva as varchar) not in (select code from ref.code where field = 'omsorgsniva'), true)
    -- A value that could not be read is another finding.
    and reported.episode_nr not in (select episode_nr from unparsed_episode where column_name = 'omsorgsniva')
