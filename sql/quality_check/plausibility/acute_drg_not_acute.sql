-- what: episodes in a DRG for emergencies without overnight stay that are reported as planned
-- grain: one row per failing row
-- key: row_key
-- check: plausibility
-- source: regulation §7.19
select
    episode.row_type,
    episode.row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    episode.month,
    episode.drg as value,
    cast(if(episode.reason = 'included', -coalesce(drg.base_points, 0), 0) as decimal(18, 3)) as points_at_stake,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
left join ref.drg as drg on drg.sector = episode.sector and drg.drg = episode.drg
where reported.sektor = 'SOM'
    and reported.innmateHast = ref.number('7.14', 'planned_urgency')
    and reported.drg in (from ref.codes('7.19', 'drg'))
