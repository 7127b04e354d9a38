-- what: what is at stake by a finding: the mean of its ways, each by its weight, and the least and the most of them
-- grain: one row per finding that can be put right
-- key: finding_nr
-- source: docs/quality/README.md
-- column points_at_stake: the finding’s share, where several of the check at the patient would give the same
with
summed as (
    select
        finding_nr,
        -- Thousandths in whole numbers, so that the mean is exact until it is rounded.
        cast(sum(weight * cast(1000 * points as bigint)) as hugeint) as weighed_thousandths,
        cast(sum(weight) as hugeint) as weight,
        min(points) as points_low,
        max(points) as points_high,
        count(*) = 1 as is_one_way,
    from variant_effect
    group by finding_nr
    having sum(weight) > 0
),

-- All of them put right give less than one by one: of the same service, each is worth its share.
together as (
    select
        clone.clone_nr,
        abs(cast(1000 * max(clone_effect.points) as bigint)) as together_thousandths,
        abs(cast(1000 * sum(alone.points) as bigint)) as alone_thousandths,
    from clone
    inner join clone_effect on clone_effect.clone_nr = clone.clone_nr
    inner join variant_effect as alone on alone.finding_nr = clone.finding_nr and alone.variant = clone.variant
    where clone.is_together
    group by clone.clone_nr
    -- Where some give and others take, none is another's double.
    having min(alone.points) * max(alone.points) >= 0
        and sum(alone.points) * max(clone_effect.points) >= 0
        and together_thousandths < alone_thousandths
),

shared as (
    select
        clone.finding_nr,
        clone.clone_nr,
        together.together_thousandths,
        together.alone_thousandths,
    from clone
    inner join together on together.clone_nr = clone.clone_nr
),

meant as (
    select
        summed.finding_nr,
        summed.points_low,
        summed.points_high,
        shared.clone_nr,
        shared.together_thousandths,
        bool_and(summed.is_one_way) over (partition by shared.clone_nr) as is_certain,
        sign(summed.weighed_thousandths) as sign,
        abs(summed.weighed_thousandths) * coalesce(shared.together_thousandths, 1) as thousandths,
        summed.weight * coalesce(shared.alone_thousandths, 1) as weight,
    from summed
    left join shared on shared.finding_nr = summed.finding_nr
),

rounded as (
    select
        finding_nr,
        points_low,
        points_high,
        clone_nr,
        together_thousandths,
        is_certain,
        sign,
        (2 * thousandths + weight) // (2 * weight) as thousandths,
    from meant
),

-- Where each has one way the shares sum to what they give in all: the first takes what the rounding left.
evened as (
    select
        finding_nr,
        points_low,
        points_high,
        sign * (
            thousandths
            + if(
                clone_nr is not null
                    and is_certain
                    and row_number() over (partition by clone_nr order by thousandths = 0, finding_nr) = 1,
                together_thousandths - sum(thousandths) over (partition by clone_nr),
                0
            )
        ) as thousandths,
    from rounded
),

staked as (
    select
        finding_nr,
        points_low,
        points_high,
        cast(0.001 * cast(thousandths as bigint) as decimal(18, 3)) as points_at_stake,
    from evened
)

-- One of them alone is worth the whole: the range reaches it.
select
    finding_nr,
    points_at_stake,
    least(points_low, points_at_stake) as points_low,
    greatest(points_high, points_at_stake) as points_high,
from staked
