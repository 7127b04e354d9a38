-- what: the DRG, HDG and weights of each episode, with the replacement for main conditions outside ISF
-- grain: one row per accepted episode
-- key: episode_nr
-- as: view
-- source: rulebook section 1 and 2; regulation §7.20, §8.5
with
episode as (
    select
        episode_nr,
        drg,
        hdg,
        if(sektor = 'SOM', 'SOM', 'PHVTSB') as sector,
    from landing.episode
),

judged as (
    select
        episode.episode_nr,
        episode.sector,
        episode.drg as reported_drg,
        episode.hdg as reported_hdg,
        main_condition.main_condition,
        outside.icd10 is not null as outside_isf,
        -- §7.20, §8.5: the replacement happens before aggregation; a DRG that is not in the table stays ungrouped.
        if(
            outside.icd10 is not null and (episode.sector, episode.drg) in (select (sector, drg) from ref.drg),
            if(episode.sector = 'SOM', outside.replacement_drg_som, outside.replacement_drg_phvtsb),
            episode.drg
        ) as drg,
    from episode
    left join main_condition on main_condition.episode_nr = episode.episode_nr
    left join ref.non_isf_main_condition as outside on outside.icd10 = main_condition.main_condition
)

select
    judged.episode_nr,
    judged.sector,
    judged.main_condition,
    judged.outside_isf,
    judged.reported_drg,
    judged.reported_hdg,
    judged.drg,
    -- The episode's own HDG goes before its DRG's, but a replaced DRG brings its own (§7.20).
    if(judged.outside_isf, drg.hdg, coalesce(judged.reported_hdg, drg.hdg)) as hdg,
    drg.drg is not null as is_grouped,
    drg.cost_weight,
    drg.base_points,
from judged
left join ref.drg as drg on drg.sector = judged.sector and drg.drg = judged.drg
