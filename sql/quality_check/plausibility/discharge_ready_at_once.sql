-- what: stays ready for discharge on the day they began, that lasted long
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §4.7
select
    episode_nr,
    cast(discharge_ready_date as varchar) as value,
from episode
where is_department_stay
    and sector = 'SOM'
    and discharge_ready_date = start_date
    and end_date - start_date > (
        select number from check_parameter where check_id = 'discharge_ready_at_once' and parameter = 'days'
    )
