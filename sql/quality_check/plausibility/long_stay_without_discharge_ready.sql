-- what: long somatic hospital stays without a discharge-ready date
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §4.7, §7.1
with
long_stay as (
    select
        stay_nr,
        length_of_stay,
    from stay
    where sector = 'SOM'
        and has_department_stay
        and discharge_ready_date is null
        and length_of_stay >= (
            select number from check_parameter
            where check_id = 'long_stay_without_discharge_ready' and parameter = 'days'
        )
)

select
    episode.episode_nr,
    cast(long_stay.length_of_stay as varchar) as value,
from long_stay
inner join stay_episode on stay_episode.stay_nr = long_stay.stay_nr
inner join finding_episode as episode on episode.episode_nr = stay_episode.episode_nr
where episode.is_department_stay
-- The stay's last department stay is where the date belongs.
qualify row_number() over (partition by long_stay.stay_nr order by episode.end_s desc, episode.row_key desc) = 1
