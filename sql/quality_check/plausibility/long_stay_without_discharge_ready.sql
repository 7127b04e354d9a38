-- what: long somatic hospital stays without a discharge-ready date
-- grain: one row per failing row
-- key: row_key
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
),

-- The points that the length gives, which would fall where the patient was ready before the end.
length_points as (
    select
        stay_nr,
        sum(points) as points,
    from (
        select stay_nr, points from rule_7_1_long_stay
        union all
        select stay_nr, points from rule_7_2_1_rehabilitation_days
        union all
        select stay_nr, points from rule_7_2_2_secondary_rehabilitation
    )
    where points > 0 and stay_nr in (select stay_nr from long_stay)
    group by stay_nr
)

select
    episode.row_type,
    episode.row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    episode.month,
    cast(long_stay.length_of_stay as varchar) as value,
    cast(-coalesce(length_points.points, 0) as decimal(18, 3)) as points_at_stake,
from long_stay
inner join stay_episode on stay_episode.stay_nr = long_stay.stay_nr
inner join finding_episode as episode on episode.episode_nr = stay_episode.episode_nr
left join length_points on length_points.stay_nr = long_stay.stay_nr
where episode.is_department_stay
-- The stay's last department stay is where the date belongs.
qualify row_number() over (partition by long_stay.stay_nr order by episode.end_s desc, episode.row_key desc) = 1
