-- what: contacts without an end, of an earlier day than the last of the period
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §3.2.1 c
select
    episode.episode_nr,
    cast(episode.start_date as varchar) as value,
from episode
cross join landing.delivery as delivery
where not episode.is_department_stay
    and episode.end_date is null
    and episode.start_date >= delivery.period_from
    and episode.start_date < delivery.period_to
