-- what: day points of primary rehabilitation
-- grain: one row per stay with the rule
-- key: stay_nr
-- source: docs/regelverk.md 3, 7.2.1; regulation §7.2.1
with
day_point as (
    select
        stay.stay_nr,
        -- Day 0 is the DRG's base points and is not repeated.
        greatest(least(stay.effective_length, coalesce(day.to_day, stay.effective_length)) - day.from_day + 1, 0)
            * day.points_per_day as points,
    from supplement_stay as stay
    inner join ref.rehab_day as day on day.drg = stay.drg and day.from_day > 0
    where stay.sector = 'SOM'
        and stay.drg in (ref.single_code('7.2.1', 'complex_drg'), ref.single_code('7.2.1', 'simple_drg'))
)

select
    stay_nr,
    '7.2.1' as rule,
    'adjustment' as kind,
    sum(points) as points,
from day_point
group by stay_nr
having sum(points) <> 0
