-- what: group education code registered again for the same patient within one programme
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §4.21, §7.12, §8.3
with
education_code as (
    select code from ref.codes('7.12', 'procedure')
    union
    select code from ref.codes('8.3', 'procedure')
),

education as (
    select
        episode_nr,
        start_date,
        lag(start_date) over (partition by patient_id, hf_orgnr, sector order by start_s, episode_id) as earlier_date,
    from episode
    where not is_department_stay
        and episode_nr in (
            select episode_nr from landing.prosedyre where kode in (select code from education_code)
        )
),

again as (
    select episode_nr
    from education
    -- Contacts of one day become one stay, which is paid once.
    where start_date > earlier_date and start_date - earlier_date <= (
        select number from check_parameter where check_id = 'education_code_twice' and parameter = 'days'
    )
)

select
    episode.episode_nr,
    cast(null as varchar) as value,
from again
inner join finding_episode as episode on episode.episode_nr = again.episode_nr
