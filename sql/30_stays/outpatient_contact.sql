-- what: contacts that share their day, institution and patient with others, and the part of the day they belong to
-- grain: one row per included contact outside hospital stays on a day with several contacts
-- key: episode_nr
-- source: docs/regelverk.md 2.1 point 2 and 2.2 points 2 and 3; regulation §7.18, §8.2
-- requires: 8.2
with
contact as (
    select
        episode_nr,
        sector,
        patient_id,
        institution_id,
        start_date,
    from episode
    where reason = 'included'
        and not is_department_stay
        and episode_nr not in (select episode_nr from hospital_contact)
),

-- A contact that is alone on its day is a stay by itself: nothing can be merged or kept apart.
shared_day as (
    select
        sector,
        patient_id,
        institution_id,
        start_date,
        min(episode_nr) as day_nr,
    from contact
    group by sector, patient_id, institution_id, start_date
    having count(*) > 1
),

shared_contact as (
    select
        contact.episode_nr,
        shared_day.day_nr,
    from contact
    inner join shared_day
        on shared_day.patient_id = contact.patient_id
        and shared_day.start_date = contact.start_date
        and shared_day.institution_id = contact.institution_id
        and shared_day.sector = contact.sector
),

performed_by_doctor as (
    select distinct episode_nr
    from landing.helseperson
    where episode_nr in (select episode_nr from shared_contact)
        and polUtforende in (from ref.numbers('7.18', 'doctor_category'))
),

in_day_programme as (
    select distinct episode_nr
    from landing.prosedyre
    where episode_nr in (select episode_nr from shared_contact)
        and kode in (from ref.codes('8.2', 'day_programme_procedure'))
),

described as (
    select
        shared_contact.day_nr,
        episode.episode_nr,
        episode.sector,
        episode.drg,
        episode.hdg,
        episode.cost_weight,
        episode.episode_nr in (select episode_nr from performed_by_doctor) as has_doctor,
        episode.sector = 'PHVTSB'
            and episode.episode_nr in (select episode_nr from in_day_programme) as has_day_programme,
        coalesce(episode.contact_type = ref.number('8.2', 'indirect_contact_type'), false) as is_indirect,
        (episode.sector, episode.drg) in (
            select sector, drg from ref.drg_exception where kind = 'aggregation'
        ) as is_exception,
    from shared_contact
    inner join episode on episode.episode_nr = shared_contact.episode_nr
),

day_fact as (
    select
        day_nr,
        -- §7.18: the HDGs among contacts performed by a doctor or dentist; exception DRGs are taken out first.
        min(hdg) filter (where has_doctor and not is_exception) as lowest_doctor_hdg,
        max(hdg) filter (where has_doctor and not is_exception) as highest_doctor_hdg,
        -- Contacts without a doctor join the heaviest doctor contact's HDG (ties: lowest HDG number).
        arg_max(hdg, (cost_weight, -cast(hdg as decimal(20, 0)))) filter (
            where has_doctor and not is_exception and hdg is not null
        ) as heaviest_doctor_hdg,
        bool_or(has_day_programme) as is_day_programme,
    from described
    group by day_nr
),

parted as (
    select
        described.episode_nr,
        described.day_nr,
        described.has_doctor,
        described.has_day_programme,
        case
            when day_fact.is_day_programme then 'day_programme'
            when described.is_exception then 'exception_drg ' || described.drg
            when described.sector = 'PHVTSB' then if(described.is_indirect, 'indirect', 'direct')
            when day_fact.lowest_doctor_hdg < day_fact.highest_doctor_hdg
                then 'hdg ' || if(described.has_doctor, described.hdg, day_fact.heaviest_doctor_hdg)
            else 'day'
        end as part,
    from described
    inner join day_fact on day_fact.day_nr = described.day_nr
)

select
    episode_nr,
    min(episode_nr) over (partition by day_nr, part) as group_nr,
    part,
    has_doctor,
    -- §8.2: the main episode of a structured day programme is one of the contacts that carry the code.
    part = 'day_programme' and not has_day_programme as is_never_main,
from parted
