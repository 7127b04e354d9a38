-- what: the episodes of stays that hold several, with their place in the stay
-- grain: one row per such episode
-- key: episode_nr
-- as: view
-- source: regulation §7.18; where episodes are grouped, none of them
select
    episode_nr,
    stay_nr as unit_nr,
    start_order = 1 as is_first,
    main_order = 1 as is_main,
from merged_episode
