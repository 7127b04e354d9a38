-- what: contacts in groups that else are department stays', and department stays in groups that else are contacts'
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §3.2.1 d, §5.1
with
counted as (
    select
        sector,
        drg,
        is_department_stay,
        count(*) as episodes,
        sum(count(*)) over (partition by sector, drg) as of_all,
    from episode
    where drg is not null and end_date is not null
    group by sector, drg, is_department_stay
),

unusual as (
    select
        sector,
        drg,
        is_department_stay,
    from counted
    where of_all >= (select number from check_parameter where check_id = 'group_of_other_kind' and parameter = 'least')
        and episodes * (
            select number from check_parameter where check_id = 'group_of_other_kind' and parameter = 'one_in'
        ) < of_all
    union
    -- A group of inpatients that has its twin for day surgery.
    select
        'SOM' as sector,
        drg,
        false as is_department_stay,
    from ref.day_surgery_family
    where role = 'inpatient'
)

select
    episode.episode_nr,
    episode.drg as value,
from episode
inner join unusual
    on unusual.sector = episode.sector
    and unusual.drg = episode.drg
    and unusual.is_department_stay = episode.is_department_stay
where episode.end_date is not null
