-- what: points that a stay or pathway is paid beside its weight, so that its weight shall not pay them again
-- grain: one row per unit
-- key: unit_type, unit_id
-- source: docs/simulation.md, weights from costs
with
-- Rules that the building of base points itself takes account of are left to it (7.12, 7.19, 8.3).
supplement as (
    select
        stay_rule.stay_nr,
        stay_rule.points,
    from stay_rule
    where stay_rule.kind <> 'base'
        and stay_rule.rule not in (select rule from ref.weight_method where rule is not null)
),

-- A service whose first contact is an episode of a stay is paid beside the stay.
service_of_stay as (
    select
        stay_episode.stay_nr,
        service.base_points as points,
    from service
    inner join episode on episode.episode_id = service.first_candidate_id
    inner join stay_episode on stay_episode.episode_nr = episode.episode_nr
    where service.status = 'counted'
        and service.first_candidate_kind = 'episode'
        and service.service_id not in (select unit_id from pathway_member where unit_type = 'service')
),

paid as (
    select * from supplement
    union all
    select * from service_of_stay
)

select
    'stay' as unit_type,
    cast(stay_nr as varchar) as unit_id,
    sum(points) as points,
from paid
group by stay_nr
