-- what: every accepted episode is judged once and has one reason in the funnel
-- title: Hver mottatt episode er vurdert én gang og har én årsak
-- grain: one row per violation: a sum that does not agree; no rows when all is well
-- key: unit
-- source: docs/regelverk.md 1
with
-- Row numbers are unique as delivered, so equal counts and equal sums mean the same episodes, each once; sums are
-- far cheaper than joining all episodes with themselves.
delivered as (
    select
        count(*) as episodes,
        sum(episode_nr) as numbers,
    from landing.episode
),

judged as (
    select
        count(*) as episodes,
        count(reason) as reasons,
        sum(episode_nr) as numbers,
    from episode
),

compared as (
    select 'episodes judged' as unit, judged.episodes - delivered.episodes as difference from judged cross join delivered
    union all
    select 'reasons' as unit, judged.reasons - judged.episodes as difference from judged
    union all
    select
        'sum of episode_nr' as unit,
        coalesce(judged.numbers, 0) - coalesce(delivered.numbers, 0) as difference,
    from judged
    cross join delivered
)

select
    unit,
    cast(difference as decimal(38, 3)) as difference,
from compared
where difference <> 0
