-- what: the contract's table of procedures
-- grain: one row per episodeID, prosNr
-- key: episodeID, prosNr
-- source: docs/synthetic-data.md
with listed as (
    select
        "episodeID",
        generate_subscripts(procedures, 1) as nr,
        unnest(procedures) as code
    from coded
)

select
    "episodeID",
    nr::tinyint as "prosNr",
    code[1] as kodeverk,
    code[3:] as kode
from listed
