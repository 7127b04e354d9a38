-- what: the episodes and prescription lines that the units of these patients came from; a pathway's are its members'
-- grain: one row per state, unit and source
-- key: state, unit_type, unit_id, source_kind, source_id
-- source: docs/regelverk.md 2, 4 and 5
with
source as (
    select
        'again' as state,
        'stay' as unit_type,
        stay.stay_id as unit_id,
        stay.patient_id,
        'episode' as source_kind,
        episode.episode_id as source_id,
    from again.stay as stay
    inner join again.stay_episode as stay_episode on stay_episode.stay_nr = stay.stay_nr
    inner join again.episode as episode on episode.episode_nr = stay_episode.episode_nr
    where stay.patient_id in (select patient_id from changed_patient)
    union all
    select
        'again' as state,
        'service' as unit_type,
        service.service_id as unit_id,
        service.patient_id,
        candidate.candidate_kind as source_kind,
        candidate.candidate_id as source_id,
    from again.service as service
    inner join again.service_candidate as candidate
        on candidate.sector = service.sector
        and candidate.stg = service.stg
        and candidate.patient_id = service.patient_id
        and candidate.period = service.period
    where service.patient_id in (select patient_id from changed_patient)
    union all
    select
        'later' as state,
        'stay' as unit_type,
        stay.stay_id as unit_id,
        stay.patient_id,
        'episode' as source_kind,
        episode.episode_id as source_id,
    from later.stay as stay
    inner join later.stay_episode as stay_episode on stay_episode.stay_nr = stay.stay_nr
    inner join later.episode as episode on episode.episode_nr = stay_episode.episode_nr
    where stay.patient_id in (select patient_id from changed_patient)
    union all
    select
        'later' as state,
        'service' as unit_type,
        service.service_id as unit_id,
        service.patient_id,
        candidate.candidate_kind as source_kind,
        candidate.candidate_id as source_id,
    from later.service as service
    inner join later.service_candidate as candidate
        on candidate.sector = service.sector
        and candidate.stg = service.stg
        and candidate.patient_id = service.patient_id
        and candidate.period = service.period
    where service.patient_id in (select patient_id from changed_patient)
)

select state, unit_type, unit_id, patient_id, source_kind, source_id from source
union
select
    source.state,
    'pathway' as unit_type,
    member.pathway_id as unit_id,
    source.patient_id,
    source.source_kind,
    source.source_id,
from again.pathway_member as member
inner join source
    on source.state = 'again' and source.unit_type = member.unit_type and source.unit_id = member.unit_id
union
select
    source.state,
    'pathway' as unit_type,
    member.pathway_id as unit_id,
    source.patient_id,
    source.source_kind,
    source.source_id,
from later.pathway_member as member
inner join source
    on source.state = 'later' and source.unit_type = member.unit_type and source.unit_id = member.unit_id
