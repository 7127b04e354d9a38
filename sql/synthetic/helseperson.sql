-- what: the contract's table of performers
-- grain: one row per episodeID, nr
-- key: episodeID, nr
-- source: docs/synthetic-data.md
select
    "episodeID",
    generate_subscripts(categories, 1)::tinyint as nr,
    unnest(categories)::smallint as "polUtforende"
from coded
