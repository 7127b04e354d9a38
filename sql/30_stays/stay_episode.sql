-- what: which stay each included episode belongs to, why, and its place in it
-- grain: one row per included episode
-- key: episode_nr
-- as: view
-- source: docs/regelverk.md 2; regulation §7.18, §8.2
select
    episode_nr,
    stay_nr,
    merge_reason,
    start_order,
    main_order,
from merged_episode
union all
select
    episode_nr,
    episode_nr as stay_nr,
    'alone' as merge_reason,
    1 as start_order,
    1 as main_order,
from episode
where reason = 'included' and episode_nr not in (select episode_nr from merged_episode)
