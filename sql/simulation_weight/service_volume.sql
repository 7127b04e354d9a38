-- what: counted services per STG, as volumes for a weight set
-- grain: one row per sector and STG with services
-- key: sector, stg
-- source: docs/simulation.md
select
    sector,
    stg,
    count(*) as services,
from service
where status = 'counted'
group by sector, stg
