-- what: sterilisation as main purpose that is reported as paid by ISF
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §5.12, §7.6
select
    episode.episode_nr,
    cast(reported.debitor as varchar) as value,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where episode.main_condition in (from ref.codes('7.6', 'main_condition'))
    and reported.debitor in (select code from ref.debitor where isf_counts)
