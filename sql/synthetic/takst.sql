-- what: the contract's table of tariffs
-- grain: one row per episodeID, takst
-- key: episodeID, takst
-- source: docs/synthetic-data.md
with listed as (
    select list(code order by code) as codes from syn.tariffs, range(weight::bigint)
    where sector = 'SOM' and setting = 'K'
)

select
    "episodeID",
    takst
from (
    select
        e.rowid as place,
        e."episodeID",
        f.code as takst
    from episode as e inner join feature as f on f.ep_nr = e.ep_nr and f.place = 'takst'
    union all
    select
        e.rowid,
        e."episodeID",
        one_of(e.ek, 'tariff', l.codes)
    from episode as e, listed as l
    where e.sector = 'SOM' and e.episodetype = 'K' and e.item_setting = 'K' and u(e.ek, 'has tariff') < $tariff
) order by place, takst
