-- what: units without the mark that tells whether their activity is in ISF
-- grain: one row per failing row
-- key: row_key
-- check: validity
-- source: regulation §4.4, §3.2.1 f
with
earned as (
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
)

select
    'enhet' as row_type,
    unit.enhetID as row_key,
    coalesce(earned.sector, 'SOM') as sector,
    unit.hf as hf_orgnr,
    cast(null as varchar) as institution_id,
    unit.enhetID as unit_id,
    cast(null as varchar) as month,
    cast(null as varchar) as value,
    coalesce(earned.points, 0) as points_at_stake,
from landing.enhet as unit
left join earned on earned.unit_id = unit.enhetID
where unit.isfRefusjon is null
