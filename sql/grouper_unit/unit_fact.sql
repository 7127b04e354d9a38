-- what: what each stay (or episode) reports of age, sex, urgency, the patient's way out and the length
-- grain: one row per stay or episode
-- key: unit_nr
-- source: grouper specification, the delivery's columns: dead if any episode says so, transfer by the last, age by first
with
lone as (
    select
        episode.episode_nr as unit_nr,
        episode.sektor,
        episode.kjonn,
        episode.alderDager,
        episode.fodselsar,
        cast(episode.innDatoTid as date) as start_date,
        cast(episode.utDatoTid as date) as end_date,
        episode.episodetype = 'A' as has_department_stay,
        episode.episodetype = 'A'
        and episode.omsorgsniva is distinct from ref.number('7.18', 'grouping_day_care_level') as is_by_nights,
        coalesce(episode.utTilstand in (from ref.numbers('7.18', 'grouping_dead')), false) as is_dead,
        episode.tilSted,
        episode.innmateHast,
    from landing.episode as episode
    where episode.episode_nr in (select episode_nr from lone_unit)
),

ended as (
    select
        merged_unit.unit_nr,
        merged_unit.is_first,
        merged_unit.is_main,
        episode.*,
        coalesce(episode.utTilstand in (from ref.numbers('7.18', 'grouping_dead')), false) as is_dead,
        episode.episodetype = 'A'
        and episode.omsorgsniva is distinct from ref.number('7.18', 'grouping_day_care_level') as is_by_nights,
        -- An end without a time of day is the end of its date.
        episode.utDatoTid + if(episode.utTidKjent, interval 0 day, interval 1 day) as end_time,
    from merged_unit
    inner join landing.episode as episode on episode.episode_nr = merged_unit.episode_nr
),

merged as (
    select
        ended.unit_nr,
        min(ended.sektor) filter (where ended.is_main) as sektor,
        -- The main episode's sex, or that of another episode where it has none.
        coalesce(
            min(ended.kjonn) filter (where ended.is_main and ended.kjonn in (1, 2)),
            min(ended.kjonn) filter (where ended.kjonn in (1, 2))
        ) as kjonn,
        min(ended.alderDager) filter (where ended.is_first) as alderDager,
        min(ended.fodselsar) filter (where ended.is_first) as fodselsar,
        min(cast(ended.innDatoTid as date)) as start_date,
        if(bool_or(ended.utDatoTid is null), null, max(cast(ended.utDatoTid as date))) as end_date,
        bool_or(ended.episodetype = 'A') as has_department_stay,
        bool_or(ended.is_by_nights) as is_by_nights,
        bool_or(ended.is_dead) as is_dead,
        -- The last to end; then the last to start, then the largest id.
        arg_max(coalesce(ended.tilSted, -1), (ended.end_time, ended.innDatoTid, ended.episodeID)) as tilSted,
        min(ended.innmateHast) filter (where ended.is_first) as innmateHast,
    from ended
    group by ended.unit_nr
),

reported as (
    select * from lone
    union all by name
    select * from merged
)

select
    reported.unit_nr,
    if(reported.sektor = 'SOM', 'SOM', 'PHVTSB') as sector,
    cast(reported.kjonn as varchar) as sex,
    reported.alderDager as age_reported,
    -- A birth year after the activity year or more than 130 years before it counts as missing.
    if(reported.fodselsar between delivery.year - 130 and delivery.year, reported.fodselsar, null) as birth_year,
    reported.start_date,
    case
        when reported.is_dead then 'E'
        when reported.tilSted in (from ref.numbers('7.18', 'grouping_transferred')) then 'R'
        else 'H'
    end as discharge,
    -- Outpatient contacts last 0; a department stay its nights and one, day treatment one.
    case
        when not reported.has_department_stay then 0
        when reported.is_by_nights then reported.end_date - reported.start_date + 1
        else 1
    end as duration,
    coalesce(reported.innmateHast in (from ref.numbers('7.18', 'grouping_urgent')), false) as is_urgent,
from reported
cross join landing.delivery as delivery
