-- what: the points of each sector in every resample, by which it is calibrated
-- grain: one row per measure, sector and draw
-- key: measure, sector, draw
-- source: docs/simulation.md
select
    measure,
    sector,
    draw,
    cast(cast(sum(thousandths_before) as decimal(18, 0)) * 0.001 as decimal(18, 3)) as before,
    cast(cast(sum(thousandths_after) as decimal(18, 0)) * 0.001 as decimal(18, 3)) as after,
from drawn_cell
group by measure, sector, draw
