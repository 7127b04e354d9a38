-- what: contacts without kind of contact, or with one outside the code list
-- grain: one row per failing row
-- key: episode_nr
-- check: validity
-- source: regulation §4.19, §4.20
select
    episode.episode_nr,
    cast(reported.kontaktType as varchar) as value,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where reported.episodetype = 'K'
    and coalesce(cast(reported.kontaktType as varchar) not in (select code from ref.code where field = 'kontaktType'), true)
    -- A value that could not be read is another finding.
    and reported.episode_nr not in (select episode_nr from unparsed_episode where column_name = 'kontaktType')
