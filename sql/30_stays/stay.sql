-- what: stays (opphold): what is grouped to a DRG and paid
-- grain: one row per stay
-- key: stay_nr (inside the warehouse), stay_id (the id of its first episode)
-- plain: stay_id, patient_id
-- source: docs/regelverk.md 2; regulation §7.18, §8.2
with
member as (
    select
        merged_episode.stay_nr,
        merged_episode.start_order,
        merged_episode.main_order,
        episode.*,
    from merged_episode
    inner join episode on episode.episode_nr = merged_episode.episode_nr
),

-- Times, lengths and facts over all episodes of the stay (section 2.1 points 4 and 5).
spanned as (
    select
        stay_nr,
        count(*) as episodes,
        bool_or(is_department_stay) as has_department_stay,
        min(start_s) as start_s,
        max(end_s) as end_s,
        -- Of equal starts and ends the one with a reported time of day counts.
        min(2 * start_s + if(start_time_known, 0, 1)) = 2 * min(start_s) as start_time_known,
        max(2 * end_s + if(end_time_known, 1, 0)) = 2 * max(end_s) + 1 as end_time_known,
        min(start_date) as start_date,
        max(end_date) as end_date,
        min(discharge_ready_date) as discharge_ready_date,
        min(episode_id) filter (where start_order = 1) as stay_id,
        min(urgency) filter (where start_order = 1) as first_urgency,
        bool_or(is_ambulatory) as has_ambulatory_contact,
        -- NPK's grouping counts only where all the stay's episodes carry the same.
        if(count(npk_drg) = count(*) and min(npk_drg) = max(npk_drg), min(npk_drg), null) as npk_drg,
    from member
    group by stay_nr
),

-- The main episode gives trust, residence, main condition, DRG and HDG (section 2.1 points 3 and 6).
formed as (
    select
        spanned.stay_nr,
        spanned.episodes,
        spanned.has_department_stay,
        spanned.start_s,
        spanned.end_s,
        spanned.start_time_known,
        spanned.end_time_known,
        spanned.start_date,
        spanned.end_date,
        spanned.discharge_ready_date,
        spanned.stay_id,
        spanned.first_urgency,
        spanned.has_ambulatory_contact,
        spanned.npk_drg,
        main.episode_nr as main_episode_nr,
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
        main.drg as main_drg,
    from spanned
    inner join member as main on main.stay_nr = spanned.stay_nr and main.main_order = 1
    union all
    select
        episode_nr as stay_nr,
        1 as episodes,
        is_department_stay as has_department_stay,
        start_s,
        end_s,
        start_time_known,
        end_time_known,
        start_date,
        end_date,
        discharge_ready_date,
        episode_id as stay_id,
        urgency as first_urgency,
        is_ambulatory as has_ambulatory_contact,
        npk_drg,
        episode_nr as main_episode_nr,
        patient_id,
        sector,
        institution_id,
        hf_orgnr,
        unit_id,
        municipality_number,
        residence_rhf_orgnr,
        birth_year,
        main_condition,
        outside_isf,
        hdg,
        drg as main_drg,
    from episode
    where reason = 'included' and episode_nr not in (select episode_nr from merged_episode)
),

-- NPK's own grouping of the stay, only where the run asks for it and its DRG is in the table (section 2.1 point 3).
npk as (
    select
        sector,
        drg,
    from ref.drg
    where (select drg_source from ref.run_option) = 'npk'
),

-- The stay grouped anew from all its episodes (§7.18), only where the run asks for it and its DRG is in the table.
again as (
    select
        stay_drg.unit_nr as stay_nr,
        drg.sector,
        drg.drg,
    from regrouped.stay_drg as stay_drg
    inner join ref.drg as drg on drg.drg = stay_drg.drg
),

grouped as (
    select
        formed.*,
        npk.drg is not null and not formed.outside_isf as is_npk_drg,
        -- Main conditions outside ISF keep their group (§7.20, §8.5).
        again.drg is not null and not formed.outside_isf as is_grouped_drg,
        again.drg as grouped_drg,
    from formed
    left join npk on npk.sector = formed.sector and npk.drg = formed.npk_drg
    left join again on again.stay_nr = formed.stay_nr and again.sector = formed.sector
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
    grouped.main_condition,
    grouped.outside_isf,
    drg.drg,
    grouped.is_npk_drg,
    grouped.is_grouped_drg,
    -- A stay that is grouped anew is in its new group's category.
    if(grouped.is_grouped_drg, drg.hdg, grouped.hdg) as hdg,
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
    date_diff('day', grouped.start_date, grouped.end_date) as length_of_stay,
    -- §4.7: to the first discharge-ready date if that is earlier than the end, never below 0.
    greatest(
        date_diff(
            'day', grouped.start_date, least(grouped.end_date, coalesce(grouped.discharge_ready_date, grouped.end_date))
        ),
        0
    ) as effective_length,
    -- The hour occurs twice when summer time ends: then the last end may lie before the first start.
    if(
        grouped.start_time_known and grouped.end_time_known,
        grouped.end_s - grouped.start_s
            + if(grouped.end_s < grouped.start_s, 60 * ref.number('3.5', 'repeated_hour_minutes'), 0),
        null
    ) as duration_s,
    grouped.has_department_stay and grouped.end_date > grouped.start_date as is_overnight,
from grouped
inner join ref.drg as drg
    on drg.sector = grouped.sector
    and drg.drg = case
        when grouped.is_grouped_drg then grouped.grouped_drg
        when grouped.is_npk_drg then grouped.npk_drg
        else grouped.main_drg
    end
