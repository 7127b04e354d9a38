-- what: for each sector and setting, 1 000 slots shared among the reasons why an episode does not count
-- grain: one row per sector, setting, slot
-- key: sector, setting, slot
-- source: docs/synthetic-data.md
with per_setting as (
    select
        x.sector,
        s.setting,
        x.reason,
        x.field,
        x."values",
        x.share
    from syn.exclusions as x
    inner join (values ('A'), ('D'), ('E'), ('K')) as s (setting) on x.setting in ('*', s.setting)
),

edges as (
    select
        *,
        sum(share) over (partition by sector, setting order by reason, field, share rows unbounded preceding)
        / sum(share) over (partition by sector, setting) as upper
    from per_setting
),

bounded as (
    select
        *,
        coalesce(lag(upper) over (partition by sector, setting order by upper), 0) as lower
    from edges
)

select
    sector,
    setting,
    reason,
    field,
    "values",
    unnest(range(round(lower * 1000)::bigint, round(upper * 1000)::bigint)) as slot
from bounded
