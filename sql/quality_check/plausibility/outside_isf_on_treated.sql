-- what: somatic episodes grouped as surgery whose main condition keeps them outside ISF
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §7.20, §4.14
select
    episode.episode_nr,
    episode.main_condition || ' ' || reported.drg as value,
from finding_episode as episode
inner join landing.episode as reported on reported.episode_nr = episode.episode_nr
inner join ref.drg as drg on drg.sector = episode.sector and drg.drg = reported.drg
where episode.outside_isf
    and episode.sector = 'SOM'
    -- The group the hospital reported: it is replaced in the settlement.
    and drg.drg_type in (
        select value from check_parameter where check_id = 'outside_isf_on_treated' and parameter = 'drg_type'
    )
