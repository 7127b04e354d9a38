-- what: hours under and over the limit of the deduction, as often as other stays of the DRG have them
-- grain: one row per finding, variant and value that changes
-- key: finding_nr, variant, file, row_key, column_name, value
-- repair: time_of_day
-- source: regulation §7.19
with
usual as (
    select
        drg,
        count(*) filter (where duration_s < 60 * ref.number('7.19', 'below_minutes')) as short_stays,
        count(*) filter (where duration_s >= 60 * ref.number('7.19', 'below_minutes')) as long_stays,
    from stay
    where sector = 'SOM' and drg in (from ref.codes('7.19', 'drg')) and duration_s is not null
    group by drg
),

asked as (
    select
        finding.finding_nr,
        finding.episode_nr,
        episode.start_date,
        usual.short_stays,
        usual.long_stays,
    from finding
    inner join episode on episode.episode_nr = finding.episode_nr
    inner join usual on usual.drg = episode.drg
    where finding.repair = 'time_of_day' and episode.start_date = episode.end_date
),

-- From noon: an hour less, or an hour more, than the limit.
candidate as (
    select
        finding_nr,
        episode_nr,
        unnest([1, 2]) as variant,
        unnest([short_stays, long_stays]) as weight,
        cast(start_date as timestamp) + to_hours(12) as started,
        cast(start_date as timestamp) + to_hours(12)
            + to_minutes(unnest([ref.number('7.19', 'below_minutes') - 60, ref.number('7.19', 'below_minutes') + 60]))
            as ended,
    from asked
),

both_ends as (
    select
        finding_nr,
        variant,
        weight,
        cast(episode_nr as varchar) as row_key,
        unnest(['innDatoTid', 'utDatoTid', 'innTidKjent', 'utTidKjent']) as column_name,
        unnest([cast(started as varchar), cast(ended as varchar), 'true', 'true']) as value,
    from candidate
    where weight > 0
)

select finding_nr, variant, weight, 'episode' as file, row_key, column_name, value, from both_ends
