-- what: episodes in a DRG for emergencies without overnight stay that are reported as planned
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §7.19
select
    episode.episode_nr,
    episode.drg as value,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where reported.sektor = 'SOM'
    and reported.innmateHast = ref.number('7.14', 'planned_urgency')
    and reported.drg in (from ref.codes('7.19', 'drg'))
