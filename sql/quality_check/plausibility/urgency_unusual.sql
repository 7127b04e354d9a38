-- what: planned episodes in groups that are hardly ever planned
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §7.14, §7.19
with
hardly_planned as (
    select
        sector,
        drg,
    from episode
    where reason = 'included' and urgency is not null
    group by sector, drg
    having count(*) >= (select number from check_parameter where check_id = 'urgency_unusual' and parameter = 'least')
        and count(*) filter (where urgency = ref.number('7.14', 'planned_urgency')) * (
            select number from check_parameter where check_id = 'urgency_unusual' and parameter = 'one_in'
        ) < count(*)
)

select
    episode.episode_nr,
    episode.drg as value,
from episode
inner join hardly_planned on hardly_planned.sector = episode.sector and hardly_planned.drg = episode.drg
where episode.urgency = ref.number('7.14', 'planned_urgency')
    and episode.reason = 'included'
    and episode.drg not in (from ref.codes('7.19', 'drg'))
