-- what: every included episode is in exactly one stay, and nothing else is in any
-- title: Hver episode som er med, er i ett og bare ett opphold
-- grain: one row per violation: a sum that does not agree; no rows when all is well
-- key: unit
-- source: docs/regelverk.md 2.1
with
included as (
    select
        count(*) as episodes,
        sum(episode_nr) as numbers,
    from episode
    where reason = 'included'
),

member as (
    select
        count(*) as episodes,
        sum(episode_nr) as numbers,
        sum(stay_nr) as stay_numbers,
    from stay_episode
),

formed as (
    select
        sum(episodes) as episodes,
        sum(stay_nr * episodes) as stay_numbers,
    from stay
),

compared as (
    select 'episodes in stays' as unit, member.episodes - included.episodes as difference from member cross join included
    union all
    select
        'sum of episode_nr' as unit,
        coalesce(member.numbers, 0) - coalesce(included.numbers, 0) as difference,
    from member
    cross join included
    union all
    select 'episodes of stays' as unit, coalesce(formed.episodes, 0) - member.episodes as difference
    from formed
    cross join member
    union all
    select
        'sum of stay_nr' as unit,
        coalesce(formed.stay_numbers, 0) - coalesce(member.stay_numbers, 0) as difference,
    from formed
    cross join member
)

select
    unit,
    cast(difference as decimal(38, 3)) as difference,
from compared
where difference <> 0
