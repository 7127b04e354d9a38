-- what: contacts outside hospital stays, each with the part of the patient's day that it belongs to
-- grain: one row per included contact that no hospital stay takes
-- key: episode_nr
-- source: rulebook section 2.1 point 2 and 2.2 points 2 and 3; regulation §7.18, §8.2
with
contact as (
    select
        episode_nr,
        sector,
        patient_id,
        institution_id,
        start_date,
        drg,
        hdg,
        cost_weight,
        has_doctor,
        contact_type in (
            select number from ref.parameter where rule = '8.2' and parameter = 'indirect_contact_type'
        ) as is_indirect,
        (sector, drg) in (
            select (sector, drg) from ref.drg_exception where kind = 'aggregation'
        ) as is_exception,
        sector = 'PHVTSB' and episode_nr in (
            select episode_nr
            from landing.prosedyre
            where kode in (
                select value from ref.parameter where rule = '8.2' and parameter = 'day_programme_procedure'
            )
        ) as has_day_programme,
    from episode
    where reason = 'included'
        and not is_department_stay
        and episode_nr not in (select episode_nr from hospital_contact)
),

-- Days with more than one contact: only there can anything be merged or kept apart.
shared_day as (
    select
        sector,
        patient_id,
        institution_id,
        start_date,
        -- §7.18: the HDGs among contacts performed by a doctor or dentist; exception DRGs are taken out first.
        min(hdg) filter (where has_doctor and not is_exception) as lowest_doctor_hdg,
        max(hdg) filter (where has_doctor and not is_exception) as highest_doctor_hdg,
        -- Contacts without a doctor join the heaviest doctor contact's HDG (ties: lowest HDG number).
        arg_max(hdg, (cost_weight, -hdg)) filter (where has_doctor and not is_exception) as heaviest_doctor_hdg,
        bool_or(has_day_programme) as is_day_programme,
    from contact
    group by sector, patient_id, institution_id, start_date
    having count(*) > 1
),

parted as (
    select
        contact.episode_nr,
        contact.sector,
        contact.patient_id,
        contact.institution_id,
        contact.start_date,
        contact.has_day_programme,
        shared_day.sector is not null as is_shared,
        case
            when contact.sector = 'PHVTSB' and coalesce(shared_day.is_day_programme, contact.has_day_programme)
                then 'day_programme'
            when contact.is_exception then 'exception_drg ' || contact.drg
            when contact.sector = 'PHVTSB' then if(coalesce(contact.is_indirect, false), 'indirect', 'direct')
            when shared_day.lowest_doctor_hdg < shared_day.highest_doctor_hdg
                then 'hdg ' || if(contact.has_doctor, contact.hdg, shared_day.heaviest_doctor_hdg)
            else 'day'
        end as part,
    from contact
    left join shared_day
        on shared_day.sector = contact.sector
        and shared_day.patient_id = contact.patient_id
        and shared_day.institution_id = contact.institution_id
        and shared_day.start_date = contact.start_date
)

select
    episode_nr,
    min(episode_nr) over (partition by sector, patient_id, institution_id, start_date, part) as group_nr,
    part,
    part = 'day_programme' and not has_day_programme as is_never_main,
from parted
where is_shared
union all
select
    episode_nr,
    episode_nr as group_nr,
    part,
    false as is_never_main,
from parted
where not is_shared
