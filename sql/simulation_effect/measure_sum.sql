-- what: the points of each sector under both sets, before calibration
-- grain: one row per measure, sector and draw; draw 0 is the activity as it is
-- key: measure, sector, draw
-- source: docs/simulation.md
select
    'base' as measure,
    sector,
    0 as draw,
    sum(points_before) as before,
    sum(points_after) as after,
from base_cell
group by sector
union all
select
    'full' as measure,
    sector,
    0 as draw,
    sum(points_before) as before,
    sum(points_after) as after,
from effect_cell
group by sector
