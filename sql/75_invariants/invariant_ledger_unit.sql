-- what: the ledger against the units it was made from: the same rows and the same points per kind of unit
-- title: Poengpostene stemmer med enhetene de er laget av
-- grain: one row per violation: a kind of unit; no rows when all is well
-- key: unit
-- source: docs/regelverk.md 0 and 6; regulation §3.11
with
source_row as (
    select 'stay' as unit_type, points from stay_points
    union all
    select 'service' as unit_type, points from service_points
    union all
    select unit_type, points from pathway_zeroing
    union all
    select 'pathway' as unit_type, base_points as points from pathway
    union all
    select 'region' as unit_type, points from regional_deduction
),

unit as (
    select
        unit_type,
        count(*) as rows_held,
        sum(points) as points,
    from source_row
    group by unit_type
),

entry as (
    select
        unit_type,
        count(*) as rows_held,
        sum(points) as points,
    from ledger
    group by unit_type
),

compared as (
    select
        coalesce(unit.unit_type, entry.unit_type) as unit_type,
        coalesce(entry.rows_held, 0) - coalesce(unit.rows_held, 0) as more_rows,
        coalesce(entry.points, 0) - coalesce(unit.points, 0) as more_points,
    from unit
    full outer join entry on entry.unit_type = unit.unit_type
)

select
    unit_type || ': rows' as unit,
    cast(more_rows as decimal(18, 3)) as difference,
from compared
where more_rows <> 0
union all
select
    unit_type || ': points' as unit,
    cast(more_points as decimal(18, 3)) as difference,
from compared
where more_points <> 0
