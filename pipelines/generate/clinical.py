"""Conditions, procedures, performers and tariffs of the episodes, and the rare things that carry a rule (features).

A feature is a code or a place of activity put on a share of the episodes of some DRGs (`features.csv`); at a small scale
its share is raised so that every rule is met.
"""

import duckdb

_FEATURE_ITEM = """
create table feature_item as
with matched as (
    select f.*, i.item_nr
    from syn.features as f
    inner join item as i on i.sector = f.sector and list_contains(string_split(f.settings, ' '), i.setting)
        and (f.drgs = '*' and i.service_codes = [] or list_contains(string_split(f.drgs, ' '), i.drg))
),
eligible as (
    select feature, sum(n) as stays from matched left join (select item_nr, sum(n) as n from cell group by 1) using (item_nr)
    group by 1
)
select m.item_nr, m.feature, m.place, string_split(m.code, ' ') as codes, m.min_days,
    least(1, greatest(m.share, if(m.share > 0, 3.0 * m.at_least / greatest(e.stays, 1), 0))) as share
from matched as m inner join eligible as e using (feature)
order by all
"""

_FEATURE = """
create or replace temp table feature as
select e.ep_nr, f.place, one_of(e.ek, f.feature, f.codes) as code, f.feature
from episode as e
inner join feature_item as f on f.item_nr = e.item_nr
where e.part < 4 and not e.is_light and e.stay_days >= f.min_days and u(e.ek, 'share of ' || f.feature) < f.share
    and (e.reason is null or f.place <> 'hovedtilstand')
"""

_PLACES = """
update episode set
    "stedAktivitet" = f.place,
    "kontaktType" = if(f.place = 6, if(ek % 4 = 0, 7, 6), "kontaktType")
from (select ep_nr, min(code)::tinyint as place from feature where place = 'stedAktivitet' group by 1) as f
where f.ep_nr = episode.ep_nr and usual_place is null and episodetype = 'K'
"""

_CODES = """
create or replace temp table coded as
with added as (
    select ep_nr,
        list(code order by feature) filter (where place = 'tilstand') as conditions,
        list(code order by feature) filter (where place = 'prosedyre') as procedures,
        min(code) filter (where place = 'hovedtilstand') as main
    from feature group by 1
),
chosen as (
    select e.ep_nr, e."episodeID", e.ek, e.sector, e.episodetype, e.item_setting, e.is_light, e.field, e.excluded_value,
        case when e.field = 'condition' then e.excluded_value
            else coalesce(a.main, if(e.is_light or e.part >= 4, null, e.main_code),
                one_of(if(e.episodetype = 'A', e.ek, e.ck), 'main condition', c.main_codes)) end as main,
        a.conditions, a.procedures, c.*, i.service_codes, i.hdg as item_hdg,
        how_many(e.ek, 'secondary', case when e.sector <> 'SOM' then {secondary_phv}
            when e.episodetype = 'A' then {secondary_inpatient} else {secondary_outpatient} end, 8) as secondary,
        how_many(e.ek, 'procedures', case when e.sector <> 'SOM' then {procedures_phv}
            when e.episodetype = 'A' then {procedures_inpatient} else {procedures_outpatient} end, 7) as further,
        e.item_nr as episode_item
    from episode as e
    inner join item_codes as c on c.item_nr = e.item_nr
    inner join item as i on i.item_nr = e.item_nr
    left join added as a on a.ep_nr = e.ep_nr
)
select "episodeID", ek, field, excluded_value, is_light, item_nr, item_setting,
    list_concat(
        [main],
        coalesce(conditions, []),
        list_transform(range(if(len(secondary_codes) = 0, 0, secondary)),
            lambda j: secondary_codes[1 + (pick(ek, 'first secondary', len(secondary_codes)) + 5 * j) % len(secondary_codes)]),
        if(episodetype = 'A' and sector = 'SOM' and item_hdg not in (14, 15) and u(ek, 'pair') < {asterisk_pair},
            [one_of(ek, 'which pair', {pairs})], [])
    ) as conditions,
    if(item_setting = 'S', if(len(service_codes) = 0, [], [one_of(ek, 'service', service_codes)]),
        list_concat(
            required_codes,
            if(len(service_codes) = 0, [], [one_of(ek, 'service', service_codes)]),
            if(len(surgery_codes) = 0, [], [one_of(ek, 'surgery', surgery_codes)]),
            coalesce(procedures, []),
            list_transform(range(if(len(optional_codes) = 0, 0, further)),
                lambda j: optional_codes[1 + (pick(ek, 'first procedure', len(optional_codes)) + 3 * j) % len(optional_codes)])
        )) as procedures
from chosen
"""

_CONDITIONS = """
with listed as (
    select "episodeID", generate_subscripts(conditions, 1) as nr, unnest(conditions) as codes from coded
),
halves as (
    select "episodeID", nr, unnest(string_split(codes, '+')) as kode, generate_subscripts(string_split(codes, '+'), 1) as half from listed
)
select "episodeID", nr::tinyint as "tilstNr", half::tinyint as "kodeNr", kode from halves
"""

_PROCEDURES = """
with listed as (
    select "episodeID", generate_subscripts(procedures, 1) as nr, unnest(procedures) as code from coded
)
select "episodeID", nr::tinyint as "prosNr", code[1] as kodeverk, code[3:] as kode from listed
"""

_PERSONNEL = """
with listed as (
    select c."episodeID",
        case
            when c.field = 'personnel' then [c.excluded_value::integer]
            when c.is_light and c.item_setting = 'K' then [2]
            else list_concat([one_of(c.ek, 'first person', p.categories)],
                if(u(c.ek, 'second person') < {second_person}, [one_of(c.ek, 'second category', p.categories)], []),
                if(u(c.ek, 'second person') < {third_person}, [one_of(c.ek, 'third category', p.categories)], []))
        end as categories
    from coded as c
    inner join item_personnel as p on p.item_nr = c.item_nr
)
select "episodeID", generate_subscripts(categories, 1)::tinyint as nr, unnest(categories)::smallint as "polUtforende" from listed
"""

_TARIFFS = """
with listed as (
    select list(code order by code) as codes from syn.tariffs, range(weight::bigint)
    where sector = 'SOM' and setting = 'K'
)
select "episodeID", takst from (
    select e.rowid as place, e."episodeID", f.code as takst
    from episode as e inner join feature as f on f.ep_nr = e.ep_nr and f.place = 'takst'
    union all
    select e.rowid, e."episodeID", one_of(e.ek, 'tariff', l.codes)
    from episode as e, listed as l
    where e.sector = 'SOM' and e.episodetype = 'K' and e.item_setting = 'K' and u(e.ek, 'has tariff') < {tariff}
) order by place, takst
"""


def create_feature_items(con: duckdb.DuckDBPyConnection) -> None:
    """Create `feature_item`: the features of each item with their share at this scale."""
    con.execute(_FEATURE_ITEM)


def create_codes(con: duckdb.DuckDBPyConnection, numbers: dict) -> None:
    """Put features on the chunk's episodes and choose all their codes (`coded`, in the order of `episode`)."""
    pairs = con.execute("select string_split(codes, ' ') from syn.conditions where role = 'asterisk'").fetchone()[0]
    con.execute(_FEATURE)
    con.execute(_PLACES)
    con.execute(_CODES.format(**numbers, pairs=pairs))


def queries(numbers: dict) -> dict[str, str]:
    """The SELECT of each child table of the chunk, in the order of its episodes."""
    return {
        "tilstand": _CONDITIONS,
        "prosedyre": _PROCEDURES,
        "helseperson": _PERSONNEL.format(**numbers),
        "takst": _TARIFFS.format(**numbers),
    }
