-- what: somatic episodes with surgery whose main condition keeps them outside ISF
-- grain: one row per failing row
-- key: row_key
-- check: plausibility
-- source: regulation §7.20, §4.14
with
outside as (
    select episode_nr
    from episode
    where outside_isf and sector = 'SOM'
),

treated as (
    select
        episode_nr,
        min(kode) as value,
    from landing.prosedyre
    where kodeverk = 'K' and episode_nr in (select episode_nr from outside)
    group by episode_nr
)

select
    episode.row_type,
    episode.row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    episode.month,
    episode.main_condition || ' ' || treated.value as value,
    -- With a main condition inside ISF the episode would keep the DRG it is reported with.
    cast(if(episode.reason = 'included', coalesce(drg.base_points, 0), 0) as decimal(18, 3)) as points_at_stake,
from treated
inner join landing.episode as reported on reported.episode_nr = treated.episode_nr
inner join finding_episode as episode on episode.episode_nr = treated.episode_nr
left join ref.drg as drg on drg.sector = episode.sector and drg.drg = reported.drg
