-- what: accepted episodes that do not have exactly one reason in the funnel
-- grain: one row per violation: an episode; no rows when all is well
-- key: unit
-- source: rulebook section 1
with
judged as (
    select
        episode_nr,
        count(*) as reasons,
    from episode
    group by episode_nr
    having count(*) <> 1 or count(reason) <> 1
),

missing as (
    select
        episode_nr,
        0 as reasons,
    from landing.episode
    where episode_nr not in (select episode_nr from episode)
),

-- An episode of the funnel that no file delivered.
invented as (
    select
        episode_nr,
        2 as reasons,
    from episode
    where episode_nr not in (select episode_nr from landing.episode)
)

select
    cast(episode_nr as varchar) as unit,
    cast(reasons - 1 as decimal(18, 3)) as difference,
from (
    select * from judged
    union all
    select * from missing
    union all
    select * from invented
)
