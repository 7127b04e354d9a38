-- what: the year before or after in both times, where that brings the end into the period; or it is another delivery's
-- grain: one row per finding, variant and value that changes
-- key: finding_nr, variant, file, row_key, column_name, value
-- repair: other_year
-- source: regulation §3.1, §3.2.1 c
with
moved as (
    select
        finding.finding_nr,
        cast(finding.episode_nr as varchar) as row_key,
        other.variant,
        reported.innDatoTid + other.amount as started,
        reported.utDatoTid + other.amount as ended,
        reported.utKl24 as ends_its_date,
    from finding
    inner join landing.episode as reported on reported.episode_nr = finding.episode_nr
    cross join (
        select 1 as variant, to_years(1) as amount
        union all
        select 2 as variant, to_years(-1) as amount
    ) as other
    where finding.repair = 'other_year'
),

meant as (
    select moved.*
    from moved
    cross join landing.delivery as delivery
    where cast(moved.ended as date) between delivery.period_from and delivery.period_to
)

select
    finding_nr,
    variant,
    1 as weight,
    'episode' as file,
    row_key,
    unnest(['innDatoTid', 'utDatoTid', 'utKl24']) as column_name,
    unnest([
        strftime(started, '%Y-%m-%d %H:%M:%S'), strftime(ended, '%Y-%m-%d %H:%M:%S'),
        cast(coalesce(ends_its_date, false) as varchar)
    ]) as value,
from meant
union all
select
    finding_nr,
    3 as variant,
    1 as weight,
    'none' as file,
    row_key,
    cast(null as varchar) as column_name,
    cast(null as varchar) as value,
from meant
