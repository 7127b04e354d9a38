-- what: contacts that last longer than a working day in a group that is no emergency without overnight stay
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §5.1
select
    episode_nr,
    (end_s - start_s) // 60 || ' min' as value,
from episode
where not is_department_stay
    and start_time_known
    and end_time_known
    and end_s - start_s between 3600 * (
        select number from check_parameter where check_id = 'contact_very_long' and parameter = 'hours'
    ) and 3600 * (
        select number from check_parameter where check_id = 'contact_over_a_day' and parameter = 'hours'
    )
    and drg not in (from ref.codes('7.19', 'drg'))
