-- what: the counted unit to which each episode's cost belongs: a stay, a service that it reports, or the pathway of either
-- grain: one row per episode of a counted unit
-- key: episode_nr
-- source: docs/simulation.md, weights from costs
with
stay_unit as (
    select
        stay_episode.episode_nr,
        if(member.pathway_id is null, 'stay', 'pathway') as unit_type,
        coalesce(member.pathway_id, cast(stay.stay_nr as varchar)) as unit_id,
    from stay_episode
    inner join stay on stay.stay_nr = stay_episode.stay_nr
    left join pathway_member as member on member.unit_type = 'stay' and member.stay_nr = stay.stay_nr
    where not stay.is_phv_inpatient
        and not stay.outside_isf
        and stay.stay_nr not in (select stay_nr from zeroing_rule)
),

-- Contacts that do nothing but report a service; services of other contacts are taken off their stay.
service_unit as (
    select
        episode.episode_nr,
        if(member.pathway_id is null, 'service', 'pathway') as unit_type,
        coalesce(member.pathway_id, service.service_id) as unit_id,
    from service_candidate as candidate
    inner join episode on episode.episode_id = candidate.candidate_id and episode.reason = 'reports_service'
    inner join service
        on service.sector = candidate.sector
        and service.stg = candidate.stg
        and service.patient_id = candidate.patient_id
        and service.period = candidate.period
        and service.status = 'counted'
    left join pathway_member as member on member.unit_type = 'service' and member.unit_id = service.service_id
    where candidate.candidate_kind = 'episode'
    qualify row_number() over (partition by episode.episode_nr order by service.service_id) = 1
)

select * from stay_unit
union all
select * from service_unit
