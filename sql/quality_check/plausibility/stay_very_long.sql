-- what: hospital stays longer than a year
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §3.8, §7.1
select
    episode.episode_nr,
    cast(episode.end_date - episode.start_date as varchar) as value,
from finding_episode as episode
where episode.is_department_stay
    and episode.sector = 'SOM'
    and episode.end_date - episode.start_date > (
        select number from check_parameter where check_id = 'stay_very_long' and parameter = 'days'
    )
