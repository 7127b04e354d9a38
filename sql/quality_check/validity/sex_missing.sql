-- what: episodes without sex, or with a sex outside the code list
-- grain: one row per failing row
-- key: episode_nr
-- check: validity
-- source: regulation §3.5, NPR message kjonn
select
    episode.episode_nr,
    cast(reported.kjonn as varchar) as value,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where coalesce(cast(reported.kjonn as varchar) not in (select code from ref.code where field = 'kjonn'), true)
    -- A delivery may leave the column out altogether.
    and exists (select 1 from landing.episode where kjonn is not null)
    -- A value that could not be read is another finding.
    and reported.episode_nr not in (select episode_nr from unparsed_episode where column_name = 'kjonn')
