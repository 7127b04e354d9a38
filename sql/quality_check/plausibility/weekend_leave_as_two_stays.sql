-- what: overnight stays that count as one leave of absence over a weekend
-- grain: one row per failing row
-- key: row_key
-- check: plausibility
-- source: regulation §7.14, §4.13
with
deducted as (
    select stay_nr from rule_7_14_weekend_leave where points < 0
)

select
    episode.row_type,
    episode.row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    episode.month,
    stay.drg as value,
    -- The settlement has made the deduction already.
    cast(0 as decimal(18, 3)) as points_at_stake,
from deducted
inner join stay on stay.stay_nr = deducted.stay_nr
inner join finding_episode as episode on episode.episode_nr = stay.stay_nr
