-- what: contacts and department stays that agree in all but the patient’s id: one person under two ids
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §3.5, §3.8
with
candidate as (
    select
        episode.episode_nr,
        episode.patient_id,
        hash(
            episode.unit_id, episode.is_department_stay, episode.start_s, episode.end_s, episode.drg, episode.main_condition, episode.birth_year,
            reported.kjonn, episode.municipality_number, episode.place, episode.contact_type
        ) as likeness,
    from episode
    inner join landing.episode as reported on reported.episode_nr = episode.episode_nr
    where episode.start_time_known
        and episode.end_time_known
        and episode.end_s > episode.start_s
        and episode.reason = 'included'
),

twin as (
    select likeness from candidate group by likeness having count(distinct patient_id) = 2
),

known as (
    select
        patient_id,
        count(*) as episodes,
    from episode
    where patient_id in (select patient_id from candidate where likeness in (select likeness from twin))
    group by patient_id
),

-- The copy is that of the patient who is seen least.
placed as (
    select
        candidate.episode_nr,
        first_value(candidate.episode_nr) over same_contact as first_nr,
        row_number() over same_contact as place,
    from candidate
    inner join known on known.patient_id = candidate.patient_id
    where candidate.likeness in (select likeness from twin)
    window same_contact as (
        partition by candidate.likeness order by known.episodes desc, candidate.patient_id, candidate.episode_nr
    )
)

select
    episode_nr,
    first_nr as partner_nr,
    cast(null as varchar) as value,
from placed
where place > 1
