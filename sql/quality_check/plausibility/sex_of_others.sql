-- what: sexes that differ from that of the patient’s other episodes
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §4.14
with
-- Not stated is another finding: only the two codes for a known sex can disagree.
known_sex as (
    select number as sex from check_parameter where check_id = 'sex_of_others' and parameter = 'sex'
),

counted as (
    select
        "pasientID" as patient_id,
        kjonn as sex,
        count(*) as episodes,
    from landing.episode
    where kjonn in (select sex from known_sex)
    group by patient_id, sex
),

usual as (
    select
        patient_id,
        -- Both as often: no telling which is right, so all are told and neither is proposed.
        if(max(episodes) > min(episodes), arg_max(sex, episodes), null) as sex,
    from counted
    group by patient_id
    having count(*) > 1
)

select
    reported.episode_nr,
    cast(reported.kjonn as varchar) as value,
    cast(usual.sex as varchar) as proposed,
from landing.episode as reported
inner join usual on usual.patient_id = reported."pasientID"
where reported.kjonn is distinct from usual.sex and reported.kjonn in (select sex from known_sex)
