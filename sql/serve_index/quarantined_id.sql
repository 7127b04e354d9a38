-- what: what the rows that were set aside call themselves and their patient, and their place in the delivery
-- grain: one row per row and id
-- key: place, id
-- as: view
-- source: docs/serve.md
with
named as (
    select
        place,
        unnest([row_id, patient_id, file || ':' || line]) as id,
    from landing.quarantine
)

select distinct
    place,
    id,
from named
where id is not null
