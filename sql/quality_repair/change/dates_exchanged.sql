-- what: an episode that ends before it begins put back: start and end exchanged, ended when it began, or a year or a day later
-- grain: one row per finding, variant and value that changes
-- key: finding_nr, variant, file, row_key, column_name, value
-- repair: dates_exchanged
-- source: regulation §3.5
with
asked as (
    select
        finding.finding_nr,
        cast(-quarantined.line as varchar) as row_key,
        quarantined.innDatoTid as started,
        quarantined.utDatoTid as ended,
    from finding
    inner join quarantined_episode as quarantined on quarantined.line = finding.line
    where finding.repair = 'dates_exchanged' and quarantined.utDatoTid is not null
),

candidate as (
    select finding_nr, row_key, 1 as variant, ended as started, started as ended from asked
    union all
    select finding_nr, row_key, 2 as variant, started, started as ended from asked
    union all
    -- The date is that of the start, the time that of the end.
    select finding_nr, row_key, 3 as variant, started, ended + to_days(date_diff('day', ended, started) + 1) as ended from asked
),

value_set as (
    select
        finding_nr,
        variant,
        row_key,
        unnest(['+', 'innDatoTid', 'utDatoTid']) as column_name,
        unnest([null, cast(started as varchar), cast(ended as varchar)]) as value,
    from candidate
)

select finding_nr, variant, 1 as weight, 'episode' as file, row_key, column_name, value, from value_set
