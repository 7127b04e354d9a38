-- what: episodes that ended before or after the period of the delivery
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §3.1, §3.2.1 c
select
    episode.episode_nr,
    cast(episode.end_date as varchar) as value,
from episode
cross join landing.delivery as delivery
where episode.end_date not between delivery.period_from and delivery.period_to
