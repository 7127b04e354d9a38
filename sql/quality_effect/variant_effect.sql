-- what: what each way of putting a finding right moves, alone
-- grain: one row per finding and way
-- key: finding_nr, variant
-- source: docs/quality/README.md
with
weighed as (
    select
        finding_nr,
        variant,
        max(weight) as weight,
    from change
    group by finding_nr, variant
)

select
    weighed.finding_nr,
    weighed.variant,
    cast(weighed.weight as bigint) as weight,
    cast(coalesce(moved.points, 0) as decimal(18, 3)) as points,
from weighed
left join clone
    on clone.finding_nr = weighed.finding_nr and clone.variant = weighed.variant and not clone.is_together
left join clone_effect as moved on moved.clone_nr = clone.clone_nr
