-- what: what the episodes of units that say nothing readable about ISF would earn if the unit were in ISF
-- grain: one row per unit without isfRefusjon and with such episodes
-- key: unit_id
-- source: regulation §4.4, §3.2.1 f
select
    unit_id,
    sector,
    sum(lost_points) as points,
from finding_episode
where reason = 'unit_not_isf'
    and unit_id in (select enhetID from landing.enhet where isfRefusjon is null)
group by unit_id, sector
-- One row per unit: the sector in which it has most at stake.
qualify row_number() over (partition by unit_id order by points desc, sector) = 1
