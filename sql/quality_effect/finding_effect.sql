-- what: what is at stake by a finding: the mean of its ways, each by its weight, and the least and the most of them
-- grain: one row per finding that can be put right
-- key: finding_nr
-- source: docs/quality/README.md
with
summed as (
    select
        finding_nr,
        -- Thousandths in whole numbers, so that the mean is exact until it is rounded.
        sum(weight * cast(1000 * points as bigint)) as weighed_thousandths,
        sum(weight) as weight,
        min(points) as points_low,
        max(points) as points_high,
    from variant_effect
    group by finding_nr
)

select
    finding_nr,
    cast(
        0.001 * cast(
            sign(weighed_thousandths) * ((2 * abs(weighed_thousandths) + weight) // (2 * weight)) as bigint
        ) as decimal(18, 3)
    ) as points_at_stake,
    points_low,
    points_high,
from summed
where weight > 0
