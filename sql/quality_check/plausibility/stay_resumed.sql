-- what: somatic department stays that begin within three days after another of the same kind at the same institution
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §3.5, §3.8, §7.18
with
-- Leave of absence over a weekend is deducted already.
deducted as (
    select stay_episode.episode_nr
    from rule_7_14_weekend_leave as deduction
    inner join stay_episode on stay_episode.stay_nr = deduction.stay_nr
    where deduction.points < 0
)

select
    neighbour.episode_nr,
    neighbour.earlier_nr as partner_nr,
    neighbour.gap_s // 60 || ' min' as value,
from department_neighbour as neighbour
where neighbour.same_institution
    and neighbour.same_hdg
    and not neighbour.is_one_stay
    and not neighbour.same_day
    and neighbour.episode_nr not in (select episode_nr from deducted)
    and neighbour.earlier_nr not in (select episode_nr from deducted)
