-- what: each of our stays beside NPK's
-- grain: one row per stay
-- key: stay_id
-- source: regulation §7.18
with
seen as (
    select
        stay_nr,
        count(distinct npk_id) as npk_stays,
        count(*) filter (where npk_id is null) as without_npk,
        min(npk_id) as npk_id,
    from npk_episode
    where stay_nr is not null
    group by stay_nr
),

-- Points of an NPK stay count once, at the first of our stays that have its episodes: so all sums are NPK's own.
place as (
    select
        episode.patient_id,
        episode.npk_id,
        min(stay.stay_id) as stay_id,
    from npk_episode as episode
    inner join settled.stay as stay on stay.stay_nr = episode.stay_nr
    where episode.npk_id is not null
    group by episode.patient_id, episode.npk_id
),

placed as (
    select
        place.stay_id,
        cast(sum(npk.npk_points) as decimal(18, 3)) as points,
    from place
    inner join npk_stay as npk on npk.patient_id = place.patient_id and npk.npk_id = place.npk_id
    group by place.stay_id
)

select
    stay.stay_id,
    stay.stay_nr,
    stay.patient_id,
    stay.sector,
    stay.hf_orgnr,
    stay.drg,
    seen.npk_stays,
    seen.without_npk,
    npk.npk_id,
    npk.stays as npk_in_stays,
    npk.excluded_episodes,
    npk.excluded_reason,
    npk.npk_drg,
    npk.npk_points,
    placed.points as npk_points_counted,
    total.points,
    total.base_points,
from settled.stay as stay
inner join seen on seen.stay_nr = stay.stay_nr
inner join stay_total as total on total.stay_id = stay.stay_id
left join npk_stay as npk on npk.patient_id = stay.patient_id and npk.npk_id = seen.npk_id
left join placed on placed.stay_id = stay.stay_id
