-- what: NPK's columns of each episode that is in a stay of NPK's
-- grain: one row per episode
-- key: episode_id
-- source: docs/delivery.md (npkOppholdID, npkOppholdDRG, npkOppholdISFPoeng)
with
point as (
    select
        unit_id as stay_id,
        sum(points) as points,
    from ledger
    where unit_type = 'stay' and kind <> 'taken_over'
    group by unit_id
),

-- Another DRG: the next of the sector's list.
neighbour as (
    select
        sector,
        drg,
        coalesce(
            lead(drg) over (partition by sector order by drg),
            first_value(drg) over (partition by sector order by drg)
        ) as other_drg,
    from (select distinct sector, drg from ref.drg)
),

whole as (
    select
        stay.stay_nr,
        'N' || coalesce(merged.stay_id, stay.stay_id) as npk_id,
        if(difference.difference = 'annen_drg', neighbour.other_drg, coalesce(merged.drg, stay.drg)) as npk_drg,
        coalesce(difference.npk_points, point.points) as npk_points,
        difference.difference,
        difference.detail,
    from stay
    inner join point on point.stay_id = stay.stay_id
    left join npk_difference as difference on difference.stay_nr = stay.stay_nr
    left join stay as merged on merged.stay_nr = difference.npk_stay_nr
    left join neighbour on neighbour.sector = stay.sector and neighbour.drg = stay.drg
),

member as (
    select
        stay_episode.stay_nr,
        episode.episode_id,
        row_number() over (partition by stay_episode.stay_nr order by stay_episode.episode_nr) = 1 as is_first,
    from stay_episode
    inner join episode on episode.episode_nr = stay_episode.episode_nr
),

value as (
    select
        member.episode_id,
        if(whole.difference = 'npk_deler' and not member.is_first, whole.npk_id || '-2', whole.npk_id) as npk_id,
        whole.npk_drg,
        whole.npk_points,
    from member
    inner join whole on whole.stay_nr = member.stay_nr
    where whole.difference is null
        or (whole.difference <> 'bare_her' and (whole.difference <> 'annet_omfang' or member.is_first))
    union all
    select
        left_out.episode_id,
        coalesce(whole.npk_id, 'N' || left_out.episode_id) as npk_id,
        if(whole.stay_nr is null, left_out.drg, whole.npk_drg) as npk_drg,
        if(whole.stay_nr is null, 1, whole.npk_points) as npk_points,
    from npk_left_out as left_out
    left join whole on whole.stay_nr = left_out.stay_nr
)

select
    episode_id,
    npk_id as "npkOppholdID",
    npk_drg as "npkOppholdDRG",
    cast(npk_points as decimal(18, 3)) as "npkOppholdISFPoeng",
from value
