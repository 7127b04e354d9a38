-- what: contacts that last longer than a day and a night
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §5.1
select
    episode.episode_nr,
    cast((episode.end_s - episode.start_s) // 3600 as varchar) as value,
from finding_episode as episode
where not episode.is_department_stay
    and episode.start_time_known
    and episode.end_time_known
    and episode.end_s - episode.start_s > 3600 * (
        select number from check_parameter where check_id = 'contact_over_a_day' and parameter = 'hours'
    )
