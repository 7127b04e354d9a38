-- what: episodes in a main category of the other sex
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §4.14
with
sex_of as (
    select
        hdg.number as hdg,
        sex.number as sex,
    from check_parameter as hdg
    inner join check_parameter as sex
        on sex.check_id = hdg.check_id and sex.position = hdg.position and sex.parameter = 'sex'
    where hdg.check_id = 'sex_disagrees' and hdg.parameter = 'hdg'
),

-- Not stated is another finding: only the two codes for a known sex can disagree.
known_sex as (
    select distinct sex from sex_of
)

select
    episode.episode_nr,
    cast(reported.kjonn as varchar) as value,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
-- The group as reported: a main condition outside ISF replaces it, but not the codes.
inner join sex_of on sex_of.hdg = coalesce(reported.hdg, episode.hdg)
where reported.sektor = 'SOM' and reported.kjonn <> sex_of.sex and reported.kjonn in (select sex from known_sex)
