-- what: ids like one that nothing has: the same but for upper and lower case, or else the nearest by their spelling
-- grain: one row per id
-- key: id
-- source: docs/regelverk.md 0
-- The id looked for is in the variable unit_id of the connection.
with
known as (
    select
        id,
        upper(id) = upper(getvariable('unit_id')) as is_same,
        levenshtein(upper(id), upper(getvariable('unit_id'))) as distance,
    from known_id
    where length(id) between length(getvariable('unit_id')) - 2 and length(getvariable('unit_id')) + 2
)

select
    id,
    is_same,
    distance,
from known
-- A third of the letters may differ; more is another id.
where distance <= greatest(length(getvariable('unit_id')) // 3, 1)
order by not is_same, distance, id
limit 5
