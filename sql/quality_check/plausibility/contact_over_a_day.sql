-- what: contacts that last longer than a day and a night
-- grain: one row per failing row
-- key: row_key
-- check: plausibility
-- source: regulation §5.1
select
    episode.row_type,
    episode.row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    episode.month,
    cast((episode.end_s - episode.start_s) // 3600 as varchar) as value,
    cast(0 as decimal(18, 3)) as points_at_stake,
from finding_episode as episode
where not episode.is_department_stay
    and episode.start_time_known
    and episode.end_time_known
    and episode.end_s - episode.start_s > 3600 * (
        select number from check_parameter where check_id = 'contact_over_a_day' and parameter = 'hours'
    )
