-- what: main conditions that say how an injury came about, not what it is
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §4.14, §3.8
select
    episode_nr,
    main_condition as value,
from episode
where main_condition[:1] in (
    select value from check_parameter where check_id = 'external_cause_as_main' and parameter = 'letter'
)
