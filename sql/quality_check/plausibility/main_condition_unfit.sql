-- what: main conditions that hardly ever occur in the main category of the group
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §4.14, §3.8
with
-- The first letter and digit say the body system; the main category follows from the main condition.
placed as (
    select
        sector,
        hdg,
        main_condition[:2] as block,
        count(*) as episodes,
    from episode
    where reason = 'included' and not outside_isf and main_condition is not null and hdg is not null
    group by sector, hdg, block
),

summed as (
    select
        *,
        sum(episodes) over (partition by sector, hdg) as of_category,
    from placed
),

unfit as (
    select
        sector,
        hdg,
        block,
    from summed
    where of_category >= (
            select number from check_parameter where check_id = 'main_condition_unfit' and parameter = 'least'
        )
        and episodes * (
            select number from check_parameter where check_id = 'main_condition_unfit' and parameter = 'one_in'
        ) < of_category
)

select
    episode.episode_nr,
    episode.main_condition || ' ' || episode.drg as value,
from episode
inner join unfit
    on unfit.sector = episode.sector and unfit.hdg = episode.hdg and unfit.block = episode.main_condition[:2]
where episode.reason = 'included' and not episode.outside_isf
