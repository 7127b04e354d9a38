-- what: the amount of each indicator in øre, and its part that goes by basis grant whatever the results
-- grain: one row per indicator
-- key: indicator
-- source: points and total of the year's scheme; assumption `completeness_part`
with
exact as (
    select
        indicator.indicator,
        indicator.position,
        cast(indicator.points as hugeint) as points,
        sum(cast(indicator.points as hugeint)) over () as all_points,
        cast(scheme.total_nok * 100 as hugeint) as total_ore,
        cast(scheme.completeness_part * 10000 as hugeint) as completeness_e4,
    from rbf.indicator as indicator
    cross join rbf.scheme as scheme
),

floored as (
    select
        *,
        total_ore * points // all_points as ore,
        total_ore * points % all_points as remainder,
    from exact
),

-- The øre that are left go to the largest remainders, so that the amounts sum to the total.
shared as (
    select
        indicator,
        completeness_e4,
        ore + if(
            row_number() over (order by remainder desc, position) <= total_ore - sum(ore) over (), 1, 0
        ) as ore,
    from floored
)

select
    indicator,
    cast(ore as hugeint) as ore,
    cast((2 * ore * completeness_e4 + 10000) // 20000 as hugeint) as completeness_ore,
from shared
