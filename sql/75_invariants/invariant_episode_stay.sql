-- what: episodes that are not in exactly one stay although they are included, or in a stay although they are not
-- grain: one row per violation: an episode, or a stay with another number of episodes; no rows when all is well
-- key: unit
-- source: rulebook section 2.1
with
repeated as (
    select
        'episode ' || episode_nr as unit,
        count(*) - 1 as difference,
    from stay_episode
    group by episode_nr
    having count(*) <> 1
),

missing as (
    select
        'episode ' || episode_nr as unit,
        -1 as difference,
    from episode
    where reason = 'included' and episode_nr not in (select episode_nr from stay_episode)
),

not_included as (
    select
        'episode ' || episode_nr as unit,
        1 as difference,
    from stay_episode
    where episode_nr not in (select episode_nr from episode where reason = 'included')
),

member as (
    select
        stay_nr,
        count(*) as episodes,
    from stay_episode
    group by stay_nr
),

stay_size as (
    select
        'stay ' || coalesce(member.stay_nr, stay.stay_nr) as unit,
        coalesce(stay.episodes, 0) - coalesce(member.episodes, 0) as difference,
    from member
    full outer join stay on stay.stay_nr = member.stay_nr
    where stay.episodes is distinct from member.episodes
)

select
    unit,
    cast(difference as decimal(18, 3)) as difference,
from (
    select * from repeated
    union all
    select * from missing
    union all
    select * from not_included
    union all
    select * from stay_size
)
