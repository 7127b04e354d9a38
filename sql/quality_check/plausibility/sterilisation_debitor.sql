-- what: sterilisation as main purpose that is reported as paid by ISF
-- grain: one row per failing row
-- key: row_key
-- check: plausibility
-- source: regulation §5.12, §7.6
select
    episode.row_type,
    episode.row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    episode.month,
    cast(reported.debitor as varchar) as value,
    cast(0 as decimal(18, 3)) as points_at_stake,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where episode.main_condition in (from ref.codes('7.6', 'main_condition'))
    and reported.debitor in (select code from ref.debitor where isf_counts)
