-- what: the DRGs that compete for main episode in stays of several DRGs
-- grain: one row per such stay and DRG
-- key: stay_nr, drg
-- source: docs/regelverk.md 2.1 point 3; regulation §7.18
with
candidate as (
    select
        merged_episode.stay_nr,
        merged_episode.main_order,
        episode.patient_id,
        episode.sector,
        episode.drg,
        episode.duration_s,
        episode.start_s,
        episode.episode_id,
    from merged_episode
    inner join episode on episode.episode_nr = merged_episode.episode_nr
    -- In a structured day programme only the contacts that carry the code can be the main episode (§8.2).
    where not merged_episode.is_never_main
),

-- Episodes of one DRG have the same weight in every set, so the first of them by the other criteria stands for all.
first_of_drg as (
    select *
    from candidate
    qualify row_number() over (partition by stay_nr, drg order by main_order) = 1
)

select
    stay_nr,
    patient_id,
    sector,
    drg,
    main_order = 1 as is_main,
    row_number() over (partition by stay_nr order by duration_s desc, start_s, episode_id) as tie_order,
from first_of_drg
qualify count(*) over (partition by stay_nr) > 1
