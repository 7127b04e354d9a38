-- what: what each stay (or episode) reports of age, sex, urgency, the patient's way out and the length
-- grain: one row per stay or episode
-- key: unit_nr
-- source: docs/grouper.md, In the settlement: dead if any episode says so, transfer by the last, age by first
with
reported as (
    select
        episode_nr,
        episode_id,
        sector,
        sex,
        age_days,
        birth_year,
        start_date,
        end_date,
        start_s,
        end_s,
        is_department_stay,
        is_department_stay
        and care_level is distinct from ref.number('7.18', 'grouping_day_care_level') as is_by_nights,
        coalesce(condition_at_end in (from ref.numbers('7.18', 'grouping_dead')), false) as is_dead,
        coalesce(destination in (from ref.numbers('7.18', 'grouping_transferred')), false) as is_transferred,
        coalesce(urgency in (from ref.numbers('7.18', 'grouping_urgent')), false) as is_urgent,
    from reported_episode
),

lone as (
    select * exclude (episode_nr, episode_id, start_s, end_s), episode_nr as unit_nr
    from reported
    where episode_nr in (select episode_nr from lone_unit)
),

merged as (
    select
        merged_unit.unit_nr,
        min(reported.sector) as sector,
        -- The main episode's sex, or that of another episode where it has none.
        coalesce(
            min(reported.sex) filter (where merged_unit.is_main and reported.sex in (1, 2)),
            min(reported.sex) filter (where reported.sex in (1, 2))
        ) as sex,
        min(reported.age_days) filter (where merged_unit.is_first) as age_days,
        min(reported.birth_year) filter (where merged_unit.is_first) as birth_year,
        min(reported.start_date) as start_date,
        if(bool_or(reported.end_date is null), null, max(reported.end_date)) as end_date,
        bool_or(reported.is_department_stay) as is_department_stay,
        bool_or(reported.is_by_nights) as is_by_nights,
        bool_or(reported.is_dead) as is_dead,
        -- The last to end; then the last to start, then the largest id.
        arg_max(reported.is_transferred, (reported.end_s, reported.start_s, reported.episode_id)) as is_transferred,
        bool_or(reported.is_urgent) filter (where merged_unit.is_first) as is_urgent,
    from merged_unit
    inner join reported on reported.episode_nr = merged_unit.episode_nr
    group by merged_unit.unit_nr
),

unit as (
    select * from lone
    union all by name
    select * from merged
)

select
    unit_nr,
    sector,
    cast(sex as varchar) as sex,
    age_days as age_reported,
    birth_year,
    start_date,
    case
        when is_dead then 'E'
        when is_transferred then 'R'
        else 'H'
    end as discharge,
    -- Outpatient contacts last 0; a department stay its nights and one, day treatment one.
    case
        when not is_department_stay then 0
        when is_by_nights then end_date - start_date + 1
        else 1
    end as duration,
    is_urgent,
from unit
