-- what: episodes of stays that hold more than one episode, in their order
-- grain: one row per included episode in such a stay
-- key: episode_nr
-- source: docs/regelverk.md 2.1 points 3 and 6; regulation §7.18
with
grouped as (
    select
        episode_nr,
        group_nr,
        'department_stay' as merge_reason,
        false as is_never_main,
    from department_chain
    union all
    select
        episode_nr,
        group_nr,
        'contact_during_hospital_stay' as merge_reason,
        false as is_never_main,
    from hospital_contact
    union all
    select
        episode_nr,
        group_nr,
        part as merge_reason,
        is_never_main,
    from outpatient_contact
),

shared as (
    select group_nr from grouped group by group_nr having count(*) > 1
),

ordered as (
    select
        grouped.episode_nr,
        grouped.group_nr,
        grouped.merge_reason,
        grouped.is_never_main,
        -- The stay's first episode: earliest start, then smallest id.
        row_number() over (
            partition by grouped.group_nr order by episode.start_s, episode.episode_id
        ) as start_order,
        -- The main episode: highest cost weight, longest duration, earliest start, smallest id (§7.18).
        row_number() over (
            partition by grouped.group_nr
            order by
                grouped.is_never_main,
                episode.cost_weight desc,
                episode.duration_s desc,
                episode.start_s,
                episode.episode_id
        ) as main_order,
    from grouped
    inner join episode on episode.episode_nr = grouped.episode_nr
    where grouped.group_nr in (select group_nr from shared)
)

select
    episode_nr,
    first_value(episode_nr) over (partition by group_nr order by start_order) as stay_nr,
    merge_reason,
    is_never_main,
    start_order,
    main_order,
from ordered
