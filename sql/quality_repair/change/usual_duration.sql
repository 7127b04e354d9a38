-- what: an end: as long after the start as contacts of the group last, from short to long ones
-- grain: one row per finding, variant and value that changes
-- key: finding_nr, variant, file, row_key, column_name, value
-- repair: usual_duration
-- source: regulation §3.2.1 c, §7.19
with
asked as (
    select
        finding.finding_nr,
        finding.episode_nr,
        reported.innDatoTid as started,
        episode.sector,
        episode.drg,
    from finding
    inner join episode on episode.episode_nr = finding.episode_nr
    inner join landing.episode as reported on reported.episode_nr = finding.episode_nr
    where finding.repair = 'usual_duration'
),

lasting as (
    select
        sector,
        drg,
        quantile_disc(duration_s, [0.1, 0.3, 0.5, 0.7, 0.9]) as seconds,
    from episode
    where not is_department_stay
        and end_date is not null
        and duration_s >= 0
        and (sector, coalesce(drg, '')) in (select sector, coalesce(drg, '') from asked)
    group by sector, drg
),

length_candidate as (
    select
        asked.finding_nr,
        asked.episode_nr,
        asked.started + to_seconds(unnest(lasting.seconds)) as ended,
    from asked
    inner join lasting on lasting.sector = asked.sector and lasting.drg is not distinct from asked.drg
),

-- Nobody has gone home after the end of the period.
candidate as (
    select
        length_candidate.finding_nr,
        length_candidate.episode_nr,
        least(length_candidate.ended, cast(delivery.period_to as timestamp) + to_hours(12)) as ended,
    from length_candidate
    cross join landing.delivery as delivery
),

weighed as (
    select
        finding_nr,
        episode_nr,
        row_number() over (partition by finding_nr order by ended) as variant,
        count(*) as weight,
        strftime(ended, '%Y-%m-%d %H:%M:%S') as value,
    from candidate
    group by finding_nr, episode_nr, ended
)

select
    finding_nr,
    variant,
    weight,
    'episode' as file,
    cast(episode_nr as varchar) as row_key,
    unnest(['utDatoTid', 'utTidKjent']) as column_name,
    unnest([value, 'true']) as value,
from weighed
