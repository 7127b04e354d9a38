-- what: whose the id looked for is, upper and lower case alike
-- grain: one row, or none
-- key: owner
-- source: docs/serve.md
-- The id is in the variable `text` of the connection.
select owner
from index.main.known_owner
where spelling = hash(lower(getvariable('text')))
order by owner
limit 1
