-- what: the contract's table of conditions
-- grain: one row per episodeID, tilstNr, kodeNr
-- key: episodeID, tilstNr, kodeNr
-- source: docs/synthetic-data.md
with listed as (
    select
        "episodeID",
        generate_subscripts(conditions, 1) as nr,
        unnest(conditions) as codes
    from coded
),

halves as (
    select
        "episodeID",
        nr,
        unnest(string_split(codes, '+')) as kode,
        generate_subscripts(string_split(codes, '+'), 1) as half
    from listed
)

select
    "episodeID",
    nr::tinyint as "tilstNr",
    half::tinyint as "kodeNr",
    kode
from halves where kode <> ''
