-- what: stays (opphold): what is grouped to a DRG and paid
-- grain: one row per stay
-- key: stay_nr (inside the warehouse), stay_id (the id of its first episode)
-- source: rulebook section 2; regulation §7.18, §8.2
with
member as (
    select
        stay_episode.stay_nr,
        stay_episode.start_order,
        stay_episode.main_order,
        episode.*,
    from stay_episode
    inner join episode on episode.episode_nr = stay_episode.episode_nr
),

merged as (
    select
        stay_nr,
        count(*) as episodes,
        bool_or(is_department_stay) as has_department_stay,
        min(start_s) as start_s,
        max(end_s) as end_s,
        -- Of equal starts and ends the one with a reported time of day counts (section 2.1 point 5).
        min(2 * start_s + if(start_time_known, 0, 1)) = 2 * min(start_s) as start_time_known,
        max(2 * end_s + if(end_time_known, 1, 0)) = 2 * max(end_s) + 1 as end_time_known,
        min(start_date) as start_date,
        max(end_date) as end_date,
        min(discharge_ready_date) as discharge_ready_date,
        min(episode_id) filter (where start_order = 1) as stay_id,
        min(episode_nr) filter (where main_order = 1) as main_episode_nr,
        min(urgency) filter (where start_order = 1) as first_urgency,
        coalesce(bool_or(not is_department_stay and (sector, place) in (
            select (if(rule = '8.1', 'PHVTSB', 'SOM'), number)
            from ref.parameter
            where rule in ('7.17', '8.1') and parameter = 'place'
        )), false) as has_ambulatory_contact,
        if(count(npk_drg) = count(*) and min(npk_drg) = max(npk_drg), min(npk_drg), null) as npk_drg,
    from member
    group by stay_nr
),

grouped as (
    select
        merged.*,
        main.episode_id as main_episode_id,
        main.patient_id,
        main.sector,
        main.institution_id,
        main.hf_orgnr,
        main.unit_id,
        main.municipality_number,
        main.residence_rhf_orgnr,
        main.birth_year,
        main.main_condition,
        main.outside_isf,
        main.hdg,
        -- NPK's own grouping of the stay only where the run asks for it and its DRG is in the table (section 2.1 point 3).
        not main.outside_isf
            and (select drg_source from ref.run_option) = 'npk'
            and coalesce((main.sector, merged.npk_drg) in (select (sector, drg) from ref.drg), false) as is_npk_drg,
        main.drg as main_drg,
    from merged
    inner join episode as main on main.episode_nr = merged.main_episode_nr
)

select
    grouped.stay_nr,
    grouped.stay_id,
    grouped.patient_id,
    grouped.sector,
    grouped.institution_id,
    grouped.hf_orgnr,
    grouped.unit_id,
    grouped.municipality_number,
    grouped.residence_rhf_orgnr,
    grouped.birth_year,
    grouped.episodes,
    grouped.main_episode_nr,
    grouped.main_episode_id,
    grouped.main_condition,
    grouped.outside_isf,
    drg.drg,
    if(grouped.is_npk_drg, 'npk', 'main_episode') as drg_source,
    grouped.hdg,
    drg.cost_weight,
    drg.base_points,
    drg.trim_point,
    grouped.has_department_stay,
    grouped.sector = 'PHVTSB' and grouped.has_department_stay as is_phv_inpatient,
    grouped.has_ambulatory_contact,
    grouped.first_urgency,
    grouped.start_s,
    grouped.end_s,
    grouped.start_date,
    grouped.end_date,
    grouped.discharge_ready_date,
    grouped.end_date - grouped.start_date as length_of_stay,
    -- §4.7: to the first discharge-ready date if that is earlier than the end, never below 0.
    greatest(
        least(grouped.end_date, coalesce(grouped.discharge_ready_date, grouped.end_date)) - grouped.start_date, 0
    ) as effective_length,
    if(grouped.start_time_known and grouped.end_time_known, grouped.end_s - grouped.start_s, null) as duration_s,
    grouped.has_department_stay and grouped.end_date > grouped.start_date as is_overnight,
from grouped
inner join ref.drg as drg
    on drg.sector = grouped.sector and drg.drg = if(grouped.is_npk_drg, grouped.npk_drg, grouped.main_drg)
