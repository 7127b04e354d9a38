-- what: contacts of the kind that reports a special service, but without a code that gives one
-- grain: one row per failing row
-- key: episode_nr
-- check: validity
-- source: regulation §4.19, §4.20, §5.3.3
select
    episode.episode_nr,
    cast(reported.kontaktType as varchar) as value,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where reported.episodetype = 'K'
    and reported.kontaktType in (from ref.numbers('4.19', 'service_contact_type'))
    and reported.drg is null
    and reported.episode_nr not in (select episode_nr from service_report)
