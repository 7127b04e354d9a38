-- what: the codes of the episodes that are looked at, each list in one text
-- grain: one row per state, episode and child table
-- key: state, episode_nr, what
-- source: docs/delivery.md
with
looked_at as (
    select distinct source_id from looked_at_source where source_kind = 'episode'
)

select state, episode_nr, what, codes
from (
    select
        'again' as state,
        episode_nr,
        'prosedyre' as what,
        string_agg(kode, ' ' order by kode) as codes,
    from earlier_landing.prosedyre
    where episode_nr in (select episode_nr from earlier_landing.episode where episodeID in (select source_id from looked_at))
    group by episode_nr
    union all
    select
        'again' as state,
        episode_nr,
        'tilstand' as what,
        string_agg(concat_ws('-', tilstNr, kodeNr, kode), ' ' order by concat_ws('-', tilstNr, kodeNr, kode)) as codes,
    from earlier_landing.tilstand
    where episode_nr in (select episode_nr from earlier_landing.episode where episodeID in (select source_id from looked_at))
    group by episode_nr
    union all
    select
        'again' as state,
        episode_nr,
        'helseperson' as what,
        string_agg(cast(polUtforende as varchar), ' ' order by cast(polUtforende as varchar)) as codes,
    from earlier_landing.helseperson
    where episode_nr in (select episode_nr from earlier_landing.episode where episodeID in (select source_id from looked_at))
    group by episode_nr
    union all
    select
        'again' as state,
        episode_nr,
        'takst' as what,
        string_agg(takst, ' ' order by takst) as codes,
    from earlier_landing.takst
    where episode_nr in (select episode_nr from earlier_landing.episode where episodeID in (select source_id from looked_at))
    group by episode_nr
    union all
    select
        'later' as state,
        episode_nr,
        'prosedyre' as what,
        string_agg(kode, ' ' order by kode) as codes,
    from later_landing.prosedyre
    where episode_nr in (select episode_nr from later_landing.episode where episodeID in (select source_id from looked_at))
    group by episode_nr
    union all
    select
        'later' as state,
        episode_nr,
        'tilstand' as what,
        string_agg(concat_ws('-', tilstNr, kodeNr, kode), ' ' order by concat_ws('-', tilstNr, kodeNr, kode)) as codes,
    from later_landing.tilstand
    where episode_nr in (select episode_nr from later_landing.episode where episodeID in (select source_id from looked_at))
    group by episode_nr
    union all
    select
        'later' as state,
        episode_nr,
        'helseperson' as what,
        string_agg(cast(polUtforende as varchar), ' ' order by cast(polUtforende as varchar)) as codes,
    from later_landing.helseperson
    where episode_nr in (select episode_nr from later_landing.episode where episodeID in (select source_id from looked_at))
    group by episode_nr
    union all
    select
        'later' as state,
        episode_nr,
        'takst' as what,
        string_agg(takst, ' ' order by takst) as codes,
    from later_landing.takst
    where episode_nr in (select episode_nr from later_landing.episode where episodeID in (select source_id from looked_at))
    group by episode_nr
)
