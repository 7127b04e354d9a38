-- what: department stays without an end, of patients who have been at the trust again
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §3.2.1 c
with
unfinished as (
    select
        episode_nr,
        patient_id,
        hf_orgnr,
        start_date,
    from episode
    where is_department_stay and end_date is null
),

again as (
    select
        unfinished.episode_nr,
        arg_min(later.episode_nr, (later.start_s, later.episode_id)) as partner_nr,
        min(later.start_date) as next_date,
    from unfinished
    inner join episode as later
        on later.patient_id = unfinished.patient_id
        and later.hf_orgnr = unfinished.hf_orgnr
        and later.start_date > unfinished.start_date
    group by unfinished.episode_nr
)

select
    episode_nr,
    partner_nr,
    cast(next_date as varchar) as value,
from again
