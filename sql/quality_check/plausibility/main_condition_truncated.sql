-- what: main conditions that are the heading of codes, not a code
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §4.14
with
used as (
    select
        kode as code,
        count(*) as rows_counted,
    from landing.tilstand
    group by kode
),

heading as (
    select
        code[:3] as category,
        sum(rows_counted) as rows_counted,
    from used
    where len(code) > 3
    group by category
),

-- A category that others divide, and that is hardly ever reported undivided, is divided.
truncated as (
    select used.code
    from used
    inner join heading on heading.category = used.code
    where len(used.code) = 3 and heading.rows_counted >= (
        select number from check_parameter
        where check_id = 'main_condition_truncated' and parameter = 'times_as_many'
    ) * used.rows_counted
)

select
    episode_nr,
    main_condition as value,
from episode
where main_condition in (select code from truncated)
