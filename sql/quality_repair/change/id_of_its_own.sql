-- what: rows with one id put back: each with an id of its own, or only the first where they are the same row twice
-- grain: one row per finding, variant and value that changes
-- key: finding_nr, variant, file, row_key, column_name, value
-- repair: id_of_its_own
-- source: regulation §3.5; docs/delivery.md
with
asked as (
    select
        finding_nr,
        row_type,
        row_key,
    from finding
    where repair = 'id_of_its_own'
),

twin as (
    select
        asked.finding_nr,
        asked.row_type,
        quarantine.line,
        row_number() over (partition by asked.finding_nr order by quarantine.line) as place,
        count(distinct cast(quarantine.row_content as varchar)) over (partition by asked.finding_nr) as different_rows,
    from asked
    inner join landing.quarantine as quarantine
        on quarantine.file = asked.row_type
        and quarantine.reason = 'duplicate_id'
        and trim(coalesce(quarantine.row_content ->> '$.episodeID', quarantine.row_content ->> '$.utleveringID'))
        = asked.row_key
)

select
    finding_nr,
    1 as variant,
    1 as weight,
    row_type as file,
    cast(-line as varchar) as row_key,
    '+' as column_name,
    cast(null as varchar) as value,
from twin
where place = 1 or different_rows > 1
union all
-- The row may be the same one twice after all.
select
    finding_nr,
    2 as variant,
    0 as weight,
    row_type as file,
    cast(-line as varchar) as row_key,
    '+' as column_name,
    cast(null as varchar) as value,
from twin
where place = 1 and different_rows > 1
