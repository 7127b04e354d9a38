-- what: what hinders a table of costs: an episode that is given twice or not at all, an amount that is not one
-- grain: one row per line and column at fault
-- key: line, column_name
-- source: docs/costs.md
with
amount as (
    unpivot (
        select line, ward, theatre, intensive, diagnostics, drugs, other, paid_by_patient from cost_line
    )
    on ward, theatre, intensive, diagnostics, drugs, other, paid_by_patient
    into name column_name value given
),

repeated as (
    select
        line,
        episode_id,
        min(line) over (partition by episode_id) as first_line,
        count(*) over (partition by episode_id) as lines,
    from cost_line
    where episode_id <> ''
)

select
    line,
    column_name,
    'amount' as fault,
    given,
    cast(null as bigint) as other_line,
from amount
-- An empty amount is 0. Point or comma, at most two decimals, at most 99 999 999 kroner.
where trim(given) <> '' and not regexp_full_match(trim(given), '[0-9]{1,8}([.,][0-9]{1,2})?')
union all
select
    line,
    'episodeID' as column_name,
    'empty' as fault,
    null as given,
    null as other_line,
from cost_line
where coalesce(episode_id, '') = ''
union all
select
    line,
    'episodeID' as column_name,
    'twice' as fault,
    null as given,
    first_line as other_line,
from repeated
where lines > 1 and line <> first_line
