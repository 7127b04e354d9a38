-- what: overnight stays that count as one leave of absence over a weekend
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §7.14, §4.13
with
deducted as (
    select stay_nr from rule_7_14_weekend_leave where points < 0
)

select
    episode.episode_nr,
    stay.drg as value,
from deducted
inner join stay on stay.stay_nr = deducted.stay_nr
inner join finding_episode as episode on episode.episode_nr = stay.stay_nr
