-- What:  The contract's table of performers.
-- Key:   episodeID, nr
select "episodeID", generate_subscripts(categories, 1)::tinyint as nr, unnest(categories)::smallint as "polUtforende"
from coded
