-- what: main conditions that are asterisk codes: a manifestation, whose cause should stand first
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §4.16
select
    episode_nr,
    main_condition as value,
from episode
where main_condition[:3] in (
    select value from check_parameter where check_id = 'asterisk_as_main' and parameter = 'category'
)
