-- what: hospital stays longer than a year
-- grain: one row per failing row
-- key: row_key
-- check: plausibility
-- source: regulation §3.8, §7.1
select
    episode.row_type,
    episode.row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    episode.month,
    cast(episode.end_date - episode.start_date as varchar) as value,
    cast(0 as decimal(18, 3)) as points_at_stake,
from finding_episode as episode
where episode.is_department_stay
    and episode.sector = 'SOM'
    and episode.end_date - episode.start_date > (
        select number from check_parameter where check_id = 'stay_very_long' and parameter = 'days'
    )
