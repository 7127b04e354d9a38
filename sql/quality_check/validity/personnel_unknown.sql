-- what: contacts whose only performing persons are of a category that is unknown or not stated
-- grain: one row per failing row
-- key: episode_nr
-- check: validity
-- source: regulation §4.3, §7.8
with
-- Only contacts with an unknown category are looked at, and of them those without a known one.
unstated as (
    select
        episode_nr,
        polUtforende,
    from landing.helseperson
    where polUtforende not in (
        select code from ref.personnel
        where code not in (
            select number from check_parameter where check_id = 'personnel_unknown' and parameter = 'unstated'
        )
    )
)

select
    episode.episode_nr,
    string_agg(distinct cast(unstated.polUtforende as varchar), ' ') as value,
from unstated
inner join finding_episode as episode on episode.episode_nr = unstated.episode_nr
where not episode.is_department_stay
    and episode.episode_nr not in (
        select episode_nr from landing.helseperson
        where episode_nr in (select episode_nr from unstated)
            and polUtforende in (
                select code from ref.personnel
                where code not in (
                    select number from check_parameter where check_id = 'personnel_unknown' and parameter = 'unstated'
                )
            )
    )
group by all
