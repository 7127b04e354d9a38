-- what: episodes without condition on arrival, or with one outside the code list
-- grain: one row per failing row
-- key: episode_nr
-- check: validity
-- source: regulation §4.11
select
    episode.episode_nr,
    cast(reported.inntilstand as varchar) as value,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where coalesce(
        cast(reported.inntilstand as varchar) not in (select code from ref.code where field = 'inntilstand'), true
    )
    -- A value that could not be read is another finding.
    and reported.episode_nr not in (select episode_nr from unparsed_episode where column_name = 'inntilstand')
