-- what: contacts whose only performing persons are of a category that is unknown or not stated
-- grain: one row per failing row
-- key: row_key
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
    episode.row_type,
    episode.row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    episode.month,
    string_agg(distinct cast(unstated.polUtforende as varchar), ' ') as value,
    if(episode.reason = 'no_eligible_personnel', episode.lost_points, 0) as points_at_stake,
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
