-- what: day points that do not cover every day from 0 once, the last row being open
-- grain: one row per fault; no rows when all is well
-- key: place, fault
-- source: regulation §7.2.1
with
following as (
    select
        place,
        drg,
        from_day,
        to_day,
        -- The first row begins with day 0, any other where the one before it ends; after an open one nothing follows.
        row_number() over of_drg = 1 as is_first,
        lag(to_day) over of_drg + 1 as follows,
        lead(from_day) over of_drg is null as is_last,
    from ref.rehab_day
    where from_day is not null
    window of_drg as (partition by drg order by from_day)
)

select
    place,
    'from_day ' || from_day || ' where DRG ' || drg || ' continues with day '
        || coalesce(cast(if(is_first, 0, follows) as varchar), 'None') as fault,
    'Let the days follow each other from 0.' as remedy,
from following
where from_day is distinct from if(is_first, 0, follows)
union all
select
    place,
    'to_day ' || to_day || ' is before from_day' as fault,
    'Correct it.' as remedy,
from following
where to_day < from_day
union all
select
    place,
    'the last days of DRG ' || drg || ' end at ' || to_day as fault,
    'Leave to_day of the last row empty.' as remedy,
from following
where is_last and to_day is not null
union all
select
    'rehab_day.csv' as place,
    'DRG ''' || parameter.value || ''' of rule ' || parameter.rule || ' has no day points' as fault,
    'Add its rows from day 0.' as remedy,
from ref.parameter as parameter
where parameter.parameter in ('complex_drg', 'simple_drg')
    and parameter.value not in (select drg from ref.rehab_day where drg is not null)
