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
        and patient_id in (select patient_id from hospital_stay)
),

somatic as (
    -- The earliest stay whose extended interval the contact overlaps or touches: stays are disjoint, so it is the one
    -- with the lowest end that the contact still reaches, if the contact also reaches that stay's start.
    select
        contact.episode_nr,
        hospital_stay.group_nr,
    from contact
    asof join hospital_stay
        on hospital_stay.sector = contact.sector
        and hospital_stay.patient_id = contact.patient_id
        and hospital_stay.institution_id = contact.institution_id
        and contact.reach_back_s <= hospital_stay.end_s
    where contact.sector = 'SOM' and hospital_stay.start_s <= contact.reach_ahead_s
),

-- §8.2: a department stay takes all contacts on any date it covers; of two that end on the same date, the earlier.
covered as (
    select *
    from hospital_stay
    where sector = 'PHVTSB'
    qualify row_number() over (
        partition by patient_id, institution_id, end_date order by start_s, group_nr
    ) = 1
),

phvtsb as (
    select
        contact.episode_nr,
        covered.group_nr,
    from contact
    asof join covered
        on covered.sector = contact.sector
        and covered.patient_id = contact.patient_id
        and covered.institution_id = contact.institution_id
        and contact.start_date <= covered.end_date
    where covered.start_date <= contact.start_date
)

select episode_nr, group_nr from somatic
union all
select episode_nr, group_nr from phvtsb
