-- what: the length that stays of the group have: another year or month in one of the dates where that makes it so, else from a short to a long one
-- grain: one row per finding, variant and value that changes
-- key: finding_nr, variant, file, row_key, column_name, value
-- repair: usual_length
-- source: regulation §3.8, §7.1, §7.18
with
asked as (
    select
        finding.finding_nr,
        finding.episode_nr,
        reported.innDatoTid as started,
        reported.utDatoTid as ended,
        episode.sector,
        episode.drg,
        coalesce(usual_drg.days, usual_all.days) as days,
    from finding
    inner join episode on episode.episode_nr = finding.episode_nr
    inner join landing.episode as reported on reported.episode_nr = finding.episode_nr
    left join (
        select sector, drg, quantile_disc(end_date - start_date, [0.025, 0.1, 0.3, 0.5, 0.7, 0.9, 0.975]) as days
        from episode
        where is_department_stay and reason = 'included'
        group by sector, drg
    ) as usual_drg on usual_drg.sector = episode.sector and usual_drg.drg = episode.drg
    left join (
        select sector, quantile_disc(end_date - start_date, [0.025, 0.1, 0.3, 0.5, 0.7, 0.9, 0.975]) as days
        from episode
        where is_department_stay and reason = 'included'
        group by sector
    ) as usual_all on usual_all.sector = episode.sector
    where finding.repair = 'usual_length'
),

-- A year or a month mistyped: the start so much later or the end so much earlier gives a stay of ordinary length.
slip as (
    select 'year' as slip, interval 1 year as amount
    union all
    select 'month' as slip, interval 1 month as amount
),

mistyped as (
    select
        asked.finding_nr,
        asked.episode_nr,
        slip.slip,
        unnest([asked.started + slip.amount, asked.started]) as started,
        unnest([asked.ended, asked.ended - slip.amount]) as ended,
        unnest(['innDatoTid', 'utDatoTid']) as column_name,
        unnest([asked.started + slip.amount, asked.ended - slip.amount]) as value,
        unnest([1, 2]) as variant,
    from asked
    cross join slip
    where asked.ended is not null
),

year_candidate as (
    select *
    from mistyped
    where ended >= started and date_diff('day', started, ended) <= (
        select number from check_parameter where check_id = 'stay_very_long' and parameter = 'usual_days'
    )
),

length_candidate as (
    select
        asked.finding_nr,
        asked.episode_nr,
        asked.started + to_days(cast(unnest(asked.days) as integer)) as ended,
        -- The ends only widen the range.
        unnest([0, 1, 1, 1, 1, 1, 0]) as weight,
    from asked
    where asked.finding_nr not in (select finding_nr from year_candidate)
),

-- Nobody has been discharged after the end of the period.
ended_candidate as (
    select
        length_candidate.finding_nr,
        length_candidate.episode_nr,
        length_candidate.weight,
        least(length_candidate.ended, cast(delivery.period_to as timestamp) + to_hours(12)) as ended,
    from length_candidate
    cross join landing.delivery as delivery
),

candidate as (
    -- Of two possible years the later start: a year that is over is the one that is written by habit. Of two possible
    -- months either.
    select
        finding_nr,
        episode_nr,
        variant,
        if(variant = 1 or slip = 'month', 1, 0) as weight,
        column_name,
        strftime(value, '%Y-%m-%d %H:%M:%S') as value,
    from year_candidate
    union all
    select
        finding_nr,
        episode_nr,
        row_number() over (partition by finding_nr order by ended) as variant,
        sum(weight) as weight,
        'utDatoTid' as column_name,
        strftime(ended, '%Y-%m-%d %H:%M:%S') as value,
    from ended_candidate
    group by finding_nr, episode_nr, ended
),

-- One of the two alone counts in full.
weighed as (
    select * replace (if(sum(weight) over (partition by finding_nr) = 0, 1, weight) as weight) from candidate
)

select finding_nr, variant, weight, 'episode' as file, cast(episode_nr as varchar) as row_key, column_name, value, from weighed
union all
select
    finding_nr,
    variant,
    weight,
    'episode' as file,
    cast(episode_nr as varchar) as row_key,
    'utTidKjent' as column_name,
    'true' as value,
from weighed
where column_name = 'utDatoTid' and finding_nr not in (select finding_nr from year_candidate)
union all
-- Another year or month is at the time of day that was reported, so at the end of its date where that was.
select
    weighed.finding_nr,
    weighed.variant,
    weighed.weight,
    'episode' as file,
    cast(weighed.episode_nr as varchar) as row_key,
    'utKl24' as column_name,
    'true' as value,
from weighed
inner join landing.episode as reported on reported.episode_nr = weighed.episode_nr
where weighed.column_name = 'utDatoTid'
    and weighed.finding_nr in (select finding_nr from year_candidate)
    and reported.utKl24
