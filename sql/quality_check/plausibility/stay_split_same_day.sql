-- what: somatic department stays that begin some hours after another ended the same day at the same institution
-- grain: one row per failing row
-- key: row_key
-- check: plausibility
-- source: regulation §3.5, §3.8, §7.18
with
pair as (
    select * from department_neighbour where same_institution and not is_overlap
),

-- What the two stays earn apart and would not earn as one: the lighter one.
stay_of as (
    select
        stay_episode.episode_nr,
        stay.stay_nr,
        stay.base_points,
    from stay_episode
    inner join stay on stay.stay_nr = stay_episode.stay_nr
    where stay_episode.episode_nr in (select episode_nr from pair union select earlier_nr from pair)
)

select
    episode.row_type,
    episode.row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    episode.month,
    cast(null as varchar) as value,
    cast(
        coalesce(if(later.stay_nr = earlier.stay_nr, 0, -least(later.base_points, earlier.base_points)), 0)
        as decimal(18, 3)
    ) as points_at_stake,
from pair
inner join finding_episode as episode on episode.episode_nr = pair.episode_nr
left join stay_of as later on later.episode_nr = pair.episode_nr
left join stay_of as earlier on earlier.episode_nr = pair.earlier_nr
