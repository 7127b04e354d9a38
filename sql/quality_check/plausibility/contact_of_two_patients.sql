-- what: contacts and department stays that agree in all but the patient’s id: one person under two ids
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §3.5, §3.8
with
described as (
    select
        episode.episode_nr,
        episode.patient_id,
        episode.is_department_stay,
        episode.start_s,
        episode.end_s,
        hash(
            episode.unit_id, episode.is_department_stay, episode.start_date, episode.end_date, episode.drg,
            episode.main_condition, episode.birth_year, reported.kjonn, episode.municipality_number, episode.place,
            episode.contact_type
        ) as description,
    from episode
    inner join landing.episode as reported on reported.episode_nr = episode.episode_nr
    where episode.start_time_known
        and episode.end_time_known
        and episode.end_s > episode.start_s
        and episode.reason = 'included'
        -- Twins lie in hospital together.
        and not (
            episode.is_department_stay
            and (reported.alderDager is not null or coalesce(episode.birth_year >= year(episode.start_date), false))
        )
),

candidate as (
    select
        episode_nr,
        patient_id,
        hash(description, start_s, end_s) as likeness,
    from described
    where not is_department_stay
    union all
    select
        episode_nr,
        patient_id,
        hash(description, 'start', start_s) as likeness,
    from described
    where is_department_stay
    union all
    select
        episode_nr,
        patient_id,
        hash(description, 'end', end_s) as likeness,
    from described
    where is_department_stay
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

-- Alike in both times is alike twice.
select
    episode_nr,
    min(first_nr) as partner_nr,
    cast(null as varchar) as value,
from placed
where place > 1
group by episode_nr
