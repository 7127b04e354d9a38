-- what: points of each stay before pathways, whole and by the group alone: the two readings of NPK's points
-- grain: one row per stay
-- key: stay_id
-- source: docs/regelverk.md 3
select
    unit_id as stay_id,
    cast(sum(points) as decimal(18, 3)) as points,
    cast(coalesce(sum(points) filter (where kind = 'base'), 0) as decimal(18, 3)) as base_points,
from settled.ledger
where unit_type = 'stay' and kind <> 'taken_over'
group by unit_id
