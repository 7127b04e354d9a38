-- what: what the rows that were set aside call themselves
-- grain: one row per row and id
-- key: place, id
-- as: view
-- source: docs/serve.md
with
named as (
    select
        place,
        unnest([row_content ->> '$.episodeID', row_content ->> '$.utleveringID', row_content ->> '$.enhetID']) as id,
    from landing.quarantine
)

select distinct
    place,
    id,
from named
where id is not null
