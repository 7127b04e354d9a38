-- what: what each department reports per week, counted for the measures that are compared
-- grain: one row per sector, trust, department and week of the end
-- key: sector, hf_orgnr, unit_id, week
-- source: regulation §3.5, §3.8
with
finished as (
    select *
    from episode
    where reason <> 'not_finished_in_period'
),

condition as (
    select
        episode_nr,
        count(*) as conditions,
    from landing.tilstand
    group by episode_nr
),

operated as (
    select
        episode_nr,
        count(*) as procedures,
    from landing.prosedyre
    group by episode_nr
),

-- What the department reports most, in all the period.
usual as (
    select
        unit_id,
        count(distinct patient_id) as patients,
        mode(municipality_number order by municipality_number) as municipality_number,
        mode(main_condition order by main_condition) as main_condition,
        mode(start_s % 86400 order by start_s % 86400) as time_of_day,
    from finished
    group by unit_id
),

-- What an episode with that main condition and kind gives in the country: its points less this mean is its own.
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
    window likeness as (partition by finished.sector, finished.main_condition)
),

first_seen as (
    select
        patient_id,
        hf_orgnr,
        min(start_s) as start_s,
    from episode
    group by patient_id, hf_orgnr
)

select
    finished.sector,
    coalesce(finished.hf_orgnr, '') as hf_orgnr,
    finished.unit_id,
    cast(date_trunc('week', finished.end_date) as date) as week,
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
    count(*) filter (where finished.urgency = ref.number('7.14', 'planned_urgency')) as planned,
    count(*) filter (
        where not finished.is_department_stay and finished.start_time_known and finished.end_s = finished.start_s
    ) as without_duration,
    count(*) filter (
        where not finished.is_department_stay and finished.start_time_known and finished.start_s % 86400 = 0
    ) as at_midnight,
    count(*) filter (where not finished.is_department_stay and finished.start_s % 3600 = 0) as on_the_hour,
    count(*) filter (where finished.is_department_stay and finished.end_date = finished.start_date) as same_day_stays,
    count(*) filter (where condition.conditions > 1) as with_secondary,
    count(*) filter (where condition.conditions > 2) as with_two_secondary,
    count(*) filter (where operated.procedures > 0) as with_procedure,
    count(*) filter (where finished.municipality_number = usual.municipality_number) as most_used_municipality,
    count(*) filter (where finished.main_condition = usual.main_condition) as most_used_main_condition,
    count(*) filter (where finished.start_s % 86400 = usual.time_of_day) as most_used_time,
    count(*) filter (where first_seen.start_s < finished.start_s) as seen_before,
    count(priced.episode_nr) as priced_stays,
    cast(coalesce(sum(priced.base_points), 0) as decimal(18, 3)) as priced_points,
    -- Rounded, so that the order of adding does not show.
    cast(round(coalesce(sum(priced.mean_points), 0), 6) as decimal(24, 6)) as expected_points,
    cast(round(coalesce(sum(priced.mean_square - priced.mean_points * priced.mean_points), 0), 6) as decimal(24, 6)) as points_variance,
from finished
left join condition on condition.episode_nr = finished.episode_nr
left join operated on operated.episode_nr = finished.episode_nr
left join usual on usual.unit_id = finished.unit_id
left join priced on priced.episode_nr = finished.episode_nr
left join first_seen on first_seen.patient_id = finished.patient_id and first_seen.hf_orgnr = finished.hf_orgnr
group by finished.sector, coalesce(finished.hf_orgnr, ''), finished.unit_id, cast(date_trunc('week', finished.end_date) as date)
