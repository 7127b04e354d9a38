-- what: contacts without place of activity
-- grain: one row per failing row
-- key: episode_nr
-- check: validity
-- source: regulation §4.12, §7.17, §8.1
select
    episode.episode_nr,
    cast(null as varchar) as value,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where reported.stedAktivitet is null and reported.episodetype = 'K'
    -- A value that could not be read is another finding.
    and reported.episode_nr not in (select episode_nr from unparsed_episode where column_name = 'stedAktivitet')
