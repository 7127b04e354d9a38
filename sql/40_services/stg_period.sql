-- what: how often each special service counts: per year, tertial or month
-- grain: one row per STG
-- key: stg
-- source: docs/regelverk.md 4; regulation §7.18 (STG)
with
matched as (
    select
        stg.stg,
        stg_period.period,
        stg_period.position,
    from (select distinct stg from ref.stg) as stg
    inner join ref.stg_period as stg_period
        -- First matching pattern; `?` is any one letter, `*` anything.
        on regexp_matches(stg.stg, '^' || replace(replace(stg_pattern, '?', '[A-Z]'), '*', '.*') || '$')
)

select
    stg,
    arg_min(period, position) as period,
from matched
group by stg
