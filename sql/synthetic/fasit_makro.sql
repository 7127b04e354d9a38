-- what: injected irregularities that show in a hospital's figures only: how many of the chunk's rows are concerned
-- grain: one row per kind, hf
-- key: kind, hf
-- source: docs/synthetic-data.md
select
    kind,
    hf,
    count(*) as rows
from error_row where applies and tier = 'macro' group by kind, hf order by kind, hf
