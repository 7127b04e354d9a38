-- what: somatic department stays that begin while the patient is inpatient at another institution
-- grain: one row per failing row
-- key: row_key
-- check: plausibility
-- source: regulation §3.8, §7.18
with
pair as (
    select * from department_neighbour where not same_institution and is_overlap
),

stay_of as (
    select
        stay_episode.episode_nr,
        stay.base_points,
    from stay_episode
    inner join stay on stay.stay_nr = stay_episode.stay_nr
    where stay_episode.episode_nr in (select episode_nr from pair)
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
    cast(-coalesce(stay_of.base_points, 0) as decimal(18, 3)) as points_at_stake,
from pair
inner join finding_episode as episode on episode.episode_nr = pair.episode_nr
left join stay_of on stay_of.episode_nr = pair.episode_nr
