-- what: what episodes outside the basis would earn if the value that keeps them out were right
-- grain: one row per episode kept out by something a hospital can correct
-- key: episode_nr
-- source: regulation §3.2.1, §4.2, §4.4, §4.5, §7.8; the method is stated per check in the catalogue
with
excluded as (
    select
        episode_nr,
        episode_id,
        sector,
        patient_id,
        institution_id,
        is_department_stay,
        start_date,
        coalesce(end_date, start_date) as end_date,
        main_condition,
        outside_isf,
        drg,
        reason,
    from episode
    where reason in ('unknown_municipality', 'unit_not_isf', 'debitor_not_isf', 'no_eligible_personnel', 'ungrouped')
        -- PHV/TSB inpatient stays are paid by grant (§3.2.3 c): nothing is at stake.
        and not (sector = 'PHVTSB' and is_department_stay)
),

-- The DRG that episodes of the same kind with the same main condition most often have; for those without one.
usual as (
    select
        sector,
        is_department_stay,
        main_condition,
        drg,
    from episode
    where reason = 'included'
        and main_condition in (select main_condition from excluded where reason = 'ungrouped')
    group by sector, is_department_stay, main_condition, drg
    qualify row_number() over (
        partition by sector, is_department_stay, main_condition order by count(*) desc, drg
    ) = 1
),

priced as (
    select
        excluded.*,
        coalesce(drg.base_points, usual_drg.base_points, 0) as base_points,
        row_number() over (
            -- Contacts of one day become one stay: the heaviest of them earns.
            partition by excluded.sector, excluded.patient_id, excluded.institution_id,
                excluded.is_department_stay, excluded.start_date
            order by coalesce(drg.base_points, usual_drg.base_points, 0) desc, excluded.episode_id
        ) as place,
    from excluded
    left join ref.drg as drg on drg.sector = excluded.sector and drg.drg = excluded.drg
    left join usual
        on usual.sector = excluded.sector
        and usual.is_department_stay = excluded.is_department_stay
        and usual.main_condition = excluded.main_condition
    left join ref.drg as usual_drg on usual_drg.sector = usual.sector and usual_drg.drg = usual.drg
    where not excluded.outside_isf
),

-- A counted stay of the same patient at the same place and time would take the episode: only the difference is earned.
neighbour as (
    select
        priced.episode_nr,
        max(stay.base_points) as base_points,
    from priced
    inner join stay
        on stay.patient_id = priced.patient_id
        and stay.institution_id = priced.institution_id
        and stay.sector = priced.sector
        and stay.start_date <= priced.end_date
        and stay.end_date >= priced.start_date
    group by priced.episode_nr
)

select
    priced.episode_nr,
    cast(if(priced.place = 1, greatest(priced.base_points - coalesce(neighbour.base_points, 0), 0), 0) as decimal(18, 3))
        as points,
from priced
left join neighbour on neighbour.episode_nr = priced.episode_nr
