-- what: what each department reports per week, counted for the measures that are compared
-- grain: one row per sector, trust, department and week of the end
-- key: sector, hf_orgnr, unit_id, week
-- source: regulation §3.5, §3.8
-- column looked_back: episodes that have four weeks of the period before them
-- column seen_before: of those, episodes whose patient had been at the trust in these four weeks
-- column usual_planned: what the episodes’ groups give in the country; so with the other columns of that name
with
condition as (
    select
        episode_nr,
        count(*) as conditions,
    from landing.tilstand
    group by episode_nr
),

operated as (
    select distinct episode_nr from landing.prosedyre
),

finished as (
    select
        episode.episode_nr,
        episode.sector,
        coalesce(episode.hf_orgnr, '') as hf_orgnr,
        episode.unit_id,
        episode.patient_id,
        cast(date_trunc('week', episode.end_date) as date) as week,
        episode.reason,
        episode.drg,
        episode.main_condition,
        episode.municipality_number,
        episode.is_department_stay,
        episode.is_ambulatory,
        episode.start_date,
        episode.start_s,
        episode.end_date > episode.start_date as is_overnight,
        episode.urgency = ref.number('7.14', 'planned_urgency') as is_planned,
        not episode.is_department_stay and episode.start_time_known and episode.end_s = episode.start_s
            as is_without_duration,
        not episode.is_department_stay and episode.start_time_known and episode.start_s % 86400 = 0 as is_at_midnight,
        episode.outside_isf,
        -- Joined by equality alone: with the conditions beside it, every episode would be held against every pair.
        case
            when episode.reason = 'included' and episode.is_department_stay and episode.end_date > episode.start_date
                then episode.drg
        end as drg_of_stay_overnight,
        coalesce(condition.conditions, 0) as conditions,
        operated.episode_nr is not null as is_operated,
    from episode
    left join condition on condition.episode_nr = episode.episode_nr
    left join operated on operated.episode_nr = episode.episode_nr
    where episode.reason <> 'not_finished_in_period'
),

-- A patient's first there: one who comes each week does not decide what the department has most of.
person as (
    select
        unit_id,
        patient_id,
        arg_min(municipality_number, episode_nr) as municipality_number,
        arg_min(main_condition, episode_nr) as main_condition,
        arg_min(start_s % 86400, episode_nr) as time_of_day,
    from finished
    group by unit_id, patient_id
),

-- What the department reports most, in all the period.
usual as (
    select
        unit_id,
        count(*) as patients,
        mode(municipality_number order by municipality_number) as municipality_number,
        mode(main_condition order by main_condition) as main_condition,
        mode(time_of_day order by time_of_day) as time_of_day,
    from person
    group by unit_id
),

-- What episodes of a group and kind are like in the country: a trust is compared as far as its groups do not explain it.
-- Means are rounded, so that sums do not depend on the order of adding.
in_group as (
    select
        sector,
        drg,
        is_department_stay,
        cast(avg(cast(is_ambulatory as integer)) as decimal(9, 6)) as ambulatory,
        cast(avg(cast(coalesce(is_planned, false) as integer)) as decimal(9, 6)) as planned,
        cast(avg(cast(not is_overnight as integer)) as decimal(9, 6)) as same_day,
        cast(avg(cast(conditions > 1 as integer)) as decimal(9, 6)) as with_secondary,
        cast(avg(cast(conditions > 2 as integer)) as decimal(9, 6)) as with_two_secondary,
        cast(avg(cast(is_operated as integer)) as decimal(9, 6)) as with_procedure,
    from finished
    group by sector, drg, is_department_stay
),

-- What a stay with that main condition gives in the country, overnight or not: its points less this mean is its own.
priced as (
    select
        finished.episode_nr,
        drg.base_points,
        -- Sums are exact, so the means do not depend on the order of adding.
        cast(sum(drg.base_points) over likeness as double) / count(*) over likeness as mean_points,
        cast(sum(drg.base_points * drg.base_points) over likeness as double) / count(*) over likeness as mean_square,
    from finished
    inner join ref.drg as drg on drg.sector = finished.sector and drg.drg = finished.drg
    where finished.reason = 'included' and finished.is_department_stay and not finished.outside_isf
    window likeness as (partition by finished.sector, finished.main_condition, finished.is_overnight)
),

-- Four weeks back and no further, so that late months have seen no more than early ones.
seen as (
    select
        episode_nr,
        start_s - lag(start_s) over (partition by patient_id, hf_orgnr order by start_s, episode_nr) <= 28 * 86400
            as is_seen_before,
    from finished
)

select
    finished.sector,
    finished.hf_orgnr,
    finished.unit_id,
    finished.week,
    count(*) as episodes,
    -- Of the department in all the period, the same in each week: contacts of one patient are alike.
    any_value(usual.patients) as patients,
    count(*) filter (where not finished.is_department_stay) as contacts,
    count(*) filter (where finished.is_department_stay) as stays,
    count(*) filter (where finished.reason = 'no_eligible_personnel') as without_personnel,
    count(*) filter (where finished.reason = 'unknown_municipality') as unknown_municipality,
    count(*) filter (where finished.reason = 'debitor_not_isf') as debitor_not_isf,
    count(*) filter (where finished.reason = 'ungrouped') as ungrouped,
    count(*) filter (where finished.is_ambulatory) as ambulatory,
    count(*) filter (where finished.is_planned) as planned,
    count(*) filter (where finished.is_without_duration) as without_duration,
    count(*) filter (where finished.is_at_midnight) as at_midnight,
    count(*) filter (where not finished.is_department_stay and finished.start_s % 3600 = 0) as on_the_hour,
    count(*) filter (where finished.is_department_stay and not finished.is_overnight) as same_day_stays,
    count(*) filter (where finished.conditions > 1) as with_secondary,
    count(*) filter (where finished.conditions > 2) as with_two_secondary,
    count(*) filter (where finished.is_operated) as with_procedure,
    coalesce(sum(in_group.ambulatory) filter (where not finished.is_department_stay), 0) as usual_ambulatory,
    sum(in_group.planned) as usual_planned,
    coalesce(sum(in_group.same_day) filter (where finished.is_department_stay), 0) as usual_same_day_stays,
    sum(in_group.with_secondary) as usual_with_secondary,
    sum(in_group.with_two_secondary) as usual_with_two_secondary,
    sum(in_group.with_procedure) as usual_with_procedure,
    count(*) filter (where finished.municipality_number = usual.municipality_number) as most_used_municipality,
    count(*) filter (where finished.main_condition = usual.main_condition) as most_used_main_condition,
    count(*) filter (where finished.start_s % 86400 = usual.time_of_day) as most_used_time,
    count(*) filter (where finished.start_date >= delivery.period_from + interval 28 day) as looked_back,
    count(*) filter (
        where finished.start_date >= delivery.period_from + interval 28 day and seen.is_seen_before
    ) as seen_before,
    count(paired.drg) as paired_stays,
    count(*) filter (where paired.is_complicated) as complicated,
    count(priced.episode_nr) as priced_stays,
    cast(coalesce(sum(priced.base_points), 0) as decimal(18, 3)) as priced_points,
    -- Rounded, so that the order of adding does not show.
    cast(round(coalesce(sum(priced.mean_points), 0), 6) as decimal(24, 6)) as expected_points,
    cast(round(coalesce(sum(priced.mean_square - priced.mean_points * priced.mean_points), 0), 6) as decimal(24, 6)) as points_variance,
from finished
cross join landing.delivery as delivery
left join usual on usual.unit_id = finished.unit_id
left join in_group
    on in_group.sector = finished.sector
    and in_group.drg is not distinct from finished.drg
    and in_group.is_department_stay = finished.is_department_stay
left join priced on priced.episode_nr = finished.episode_nr
left join split_drg as paired
    on paired.sector = finished.sector
    and paired.drg = finished.drg_of_stay_overnight
left join seen on seen.episode_nr = finished.episode_nr
group by finished.sector, finished.hf_orgnr, finished.unit_id, finished.week
