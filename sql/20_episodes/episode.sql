-- what: every accepted episode with the one reason why it is, or is not, in the basis for ISF
-- grain: one row per accepted episode
-- key: episode_nr (inside the warehouse), episode_id (for people)
-- plain: episode_id, patient_id
-- source: docs/regelverk.md 1 and 2; regulation chapters 3 and 4, §7.8, §7.18, §7.20
-- requires: 4.4
with
-- Municipalities of the year, and the numbers for people who do not live in Norway.
residence as (
    select
        municipality_number,
        rhf_orgnr,
        true as is_resident,
    from ref.municipality
    union all
    select
        number as municipality_number,
        null as rhf_orgnr,
        false as is_resident,
    from ref.numbers('4.2', 'not_resident_municipality')
),

eligible_personnel as (
    select episode_nr
    from landing.helseperson
    where polUtforende in (select code from ref.personnel where isf_eligible)
),

judged as (
    select
        reported.* exclude (drg, hdg),
        -- Only where the hour occurs twice, when summer time ends, may an end lie before its start.
        reported.end_s - reported.start_s
            + if(reported.end_s < reported.start_s, 60 * ref.number('3.5', 'repeated_hour_minutes'), 0) as elapsed_s,
        main_condition.main_condition,
        replacement_drg.icd10 is not null as outside_isf,
        residence.rhf_orgnr as residence_rhf_orgnr,
        -- §7.20, §8.5: the DRG is replaced before anything is merged, and the HDG with it; the episode's own HDG goes
        -- before its DRG's. A DRG that is not in the table is not replaced: the episode stays ungrouped.
        if(drg.drg is not null and replacement_drg.icd10 is not null, replacement_drg.drg, reported.drg) as drg,
        if(
            drg.drg is not null and replacement_drg.icd10 is not null,
            replacement_drg.hdg,
            coalesce(reported.hdg, drg.hdg)
        ) as hdg,
        if(replacement_drg.icd10 is not null, replacement_drg.cost_weight, drg.cost_weight) as cost_weight,
        -- §7.17, §8.1: a contact at the patient's home or at another place outside specialist care.
        coalesce(
            not reported.is_department_stay
            and case
                when reported.sector = 'SOM'
                    then reported.place in (from ref.numbers('7.17', 'place'))
                else reported.place in (from ref.numbers('8.1', 'place'))
            end,
            false
        ) as is_ambulatory,
        -- The first reason that applies, in the order of docs/regelverk.md 1.
        case
            when reported.end_date is null then 'not_finished_in_period'
            when reported.end_date not between delivery.period_from and delivery.period_to then 'not_finished_in_period'
            when not residence.is_resident then 'not_resident'
            -- Missing, 9999 and numbers that are not in the year's table.
            when residence.is_resident is null then 'unknown_municipality'
            when unit.isfRefusjon is distinct from ref.number('4.4', 'isf_refund_yes') then 'unit_not_isf'
            when coalesce(not debitor.isf_counts, true) then 'debitor_not_isf'
            when reported.condition_on_arrival = ref.number('4.11', 'dead_on_arrival') then 'dead_on_arrival'
            when reported.care_level = ref.number('5.2.4', 'inpatient_care_level') then 'radiotherapy_inpatient'
            when not reported.is_department_stay
                and reported.contact_type in (from ref.numbers('4.19', 'service_contact_type'))
                and reported.episode_nr in (select episode_nr from procedure_service where stg is not null)
                then 'reports_service'
            when not reported.is_department_stay
                and reported.episode_nr not in (select episode_nr from eligible_personnel)
                then 'no_eligible_personnel'
            when drg.drg is null then 'ungrouped'
            else 'included'
        end as reason,
    from reported_episode as reported
    left join main_condition on main_condition.episode_nr = reported.episode_nr
    left join replacement_drg
        on replacement_drg.sector = reported.sector and replacement_drg.icd10 = main_condition.main_condition
    left join ref.drg as drg on drg.sector = reported.sector and drg.drg = reported.drg
    left join residence on residence.municipality_number = reported.municipality_number
    left join landing.enhet as unit on unit.enhetID = reported.unit_id
    left join ref.debitor as debitor on debitor.code = reported.debitor
    cross join landing.delivery as delivery
)

select
    episode_nr,
    episode_id,
    patient_id,
    sector,
    institution_id,
    hf_orgnr,
    unit_id,
    reason,
    is_department_stay,
    start_date,
    end_date,
    start_s,
    end_s,
    start_time_known,
    end_time_known,
    -- An unknown duration counts as 0 where episodes are compared (§7.18, section 2.1 point 3).
    if(start_time_known and end_time_known, elapsed_s, 0) as duration_s,
    contact_type,
    place,
    is_ambulatory,
    urgency,
    municipality_number,
    residence_rhf_orgnr,
    birth_year,
    discharge_ready_date,
    main_condition,
    outside_isf,
    drg,
    hdg,
    cost_weight,
    npk_drg,
from judged
