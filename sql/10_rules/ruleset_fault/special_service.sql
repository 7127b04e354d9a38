-- what: special services without a period, positions used twice, and HDGs that are no number
-- grain: one row per fault; no rows when all is well
-- key: place, fault
-- source: regulation §7.18 (STG)
select
    stg.place,
    'no pattern of stg_period.csv fits STG ''' || stg.stg || '''' as fault,
    'Add one, or a last row with pattern *.' as remedy,
from ref.stg as stg
where stg.stg not in (select stg from stg_period)
union all
select
    place,
    'hdg ''' || hdg || ''' is neither a number nor *' as fault,
    'Correct it.' as remedy,
from ref.stg_procedure
where not regexp_full_match(hdg, '[0-9]+|\*')
union all
select
    later.place,
    'position ' || later.position || ' is already used in ' || earlier.place as fault,
    'Give each pattern its own position; the lowest that fits is used.' as remedy,
from (
    select *, lag(stg_pattern) over (partition by position order by stg_pattern) as earlier_pattern from ref.stg_period
) as later
inner join ref.stg_period as earlier on earlier.stg_pattern = later.earlier_pattern
