-- what: contacts that belong to a hospital stay
-- grain: one row per included contact that a hospital stay takes
-- key: episode_nr
-- source: docs/regelverk.md 2.1 point 1 (somatic) and 2.2 point 1 (PHV/TSB); regulation §7.18, §8.2
with
contact as (
    select
        episode_nr,
        sector,
        patient_id,
        institution_id,
        start_s - 60 * ref.number('7.18', 'stay_gap_minutes') as reach_back_s,
        end_s + 60 * ref.number('7.18', 'stay_gap_minutes') as reach_ahead_s,
        start_date,
    from episode
    where reason = 'included'
        and not is_department_stay
        -- The joins below decide; the hash leaves out nearly all other contacts before them, at half the cost.
        and hash(sector, patient_id, institution_id) in (
            select hash(sector, patient_id, institution_id) from hospital_stay
        )
),

reached as (
    -- The stays whose extended interval a somatic contact overlaps or touches.
    select
        contact.episode_nr,
        hospital_stay.group_nr,
        hospital_stay.end_s,
        hospital_stay.start_s,
    from contact
    inner join hospital_stay
        on hospital_stay.sector = contact.sector
        and hospital_stay.patient_id = contact.patient_id
        and hospital_stay.institution_id = contact.institution_id
        and hospital_stay.end_s >= contact.reach_back_s
        and hospital_stay.start_s <= contact.reach_ahead_s
    where contact.sector = 'SOM'
    union all
    -- §8.2: a department stay takes all contacts on any date it covers; of two that end on the same date, the earlier.
    select
        contact.episode_nr,
        hospital_stay.group_nr,
        86400 * date_diff('day', date '1970-01-01', hospital_stay.end_date) as end_s,
        hospital_stay.start_s,
    from contact
    inner join hospital_stay
        on hospital_stay.sector = contact.sector
        and hospital_stay.patient_id = contact.patient_id
        and hospital_stay.institution_id = contact.institution_id
        and hospital_stay.end_date >= contact.start_date
        and hospital_stay.start_date <= contact.start_date
    where contact.sector = 'PHVTSB'
)

select
    episode_nr,
    -- Stays are disjoint, so the earliest is the one that ends first.
    arg_min(group_nr, (end_s, start_s, group_nr)) as group_nr,
from reached
group by episode_nr
