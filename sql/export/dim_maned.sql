-- what: the months of the period
-- title: Måneder
-- grain: one row per month
-- key: maned
-- source: docs/export.md
-- column maned varchar: month, YYYY-MM
-- column aar bigint: year
-- column maned_nr bigint: number of the month in the year
-- column navn varchar: Norwegian name
-- column forste_dag date: its first day, for what reckons with dates
with
occurring as (
    select distinct
        maned,
        cast(maned || '-01' as date) as first_day,
    from oppgjor_rhf_maned
    where maned is not null
)

select
    maned,
    year(first_day) as aar,
    month(first_day) as maned_nr,
    [
        'januar', 'februar', 'mars', 'april', 'mai', 'juni',
        'juli', 'august', 'september', 'oktober', 'november', 'desember'
    ][month(first_day)] as navn,
    first_day as forste_dag,
from occurring
