-- what: which stay each included episode belongs to, why, and its place in it
-- grain: one row per included episode
-- key: episode_nr
-- source: rulebook section 2.1 points 3 and 6; regulation §7.18
with
grouped as (
    select
        stay_group.episode_nr,
        stay_group.group_nr,
        stay_group.merge_reason,
        stay_group.is_never_main,
    from stay_group
),

shared as (
    select group_nr from grouped group by group_nr having count(*) > 1
),

ordered as (
    select
        grouped.episode_nr,
        grouped.group_nr,
        grouped.merge_reason,
        -- The stay's first episode: earliest start, then smallest id.
        row_number() over (
            partition by grouped.group_nr order by episode.start_s, episode.episode_id
        ) as start_order,
        -- The main episode: highest cost weight, longest duration, earliest start, smallest id (§7.18). In a structured
        -- day programme only the contacts that carry the code can be it (§8.2).
        row_number() over (
            partition by grouped.group_nr
            order by
                grouped.is_never_main, episode.cost_weight desc, episode.duration_s desc, episode.start_s, episode.episode_id
        ) as main_order,
    from grouped
    inner join episode on episode.episode_nr = grouped.episode_nr
    where grouped.group_nr in (select group_nr from shared)
)

select
    episode_nr,
    first_value(episode_nr) over (partition by group_nr order by start_order) as stay_nr,
    merge_reason,
    start_order,
    main_order,
from ordered
union all
select
    episode_nr,
    episode_nr as stay_nr,
    merge_reason,
    1 as start_order,
    1 as main_order,
from grouped
where group_nr not in (select group_nr from shared)
