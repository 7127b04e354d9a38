"""People and places: home areas, age and sex, municipalities, institutions and their units, as small tables to look up in.

A person is a number; age, sex, home and municipality follow from it, so the same person is the same everywhere. At
scale 1 there are as many people as live in the country.
"""

import duckdb
import numpy as np
import pandas as pd

from pipelines.generate import refs

SLOTS = 1000
AGE_SLOTS = 400


def create_people(con: duckdb.DuckDBPyConnection, scale: float) -> None:
    """Create `home`, `municipality_slot`, `age_slot` and `bucket` (the people of one home, age band and sex)."""
    con.execute("""
        create table home as
        select row_number() over (order by m.home_hf)::integer as home_idx, m.home_hf as hf, any_value(t.rhf_orgnr) as rhf,
            sum(m.population)::bigint as population
        from syn.municipalities as m
        inner join ref.trust as t on t.hf_orgnr = m.home_hf
        group by m.home_hf order by home_idx""")
    places = con.execute("""
        select h.home_idx, m.municipality_number::integer as komnr, m.bydel, m.population
        from syn.municipalities as m
        inner join home as h on h.hf = m.home_hf
        inner join ref.municipality as r on r.municipality_number = m.municipality_number::integer and r.rhf_orgnr = h.rhf
        order by 1, 2, 3""").df()
    _register(con, "municipality_slot", _slots(places, ["home_idx"], "population", SLOTS))
    ages = con.execute("select ages, band, weight from syn.ages order by ages, band").df()
    _register(con, "age_slot", _slots(ages, ["ages"], "weight", AGE_SLOTS))
    con.execute(f"""
        create table bucket as
        with sized as (
            select h.home_idx, a.band, s.sex, a.age_from, a.age_to,
                greatest(3, round(h.population * a.share * if(s.sex = 1, a.male_share, 1 - a.male_share) * {scale}))::bigint as n
            from home as h, syn.population_ages as a, (values (1), (2)) as s(sex)
        )
        select *, (sum(n) over (order by home_idx, band, sex) - n)::bigint as first_person from sized order by home_idx, band, sex""")


def _slots(frame: pd.DataFrame, keys: list[str], weight: str, slots: int) -> pd.DataFrame:
    """Rows repeated over `slots` numbered slots per key, in proportion to the weight."""
    parts = []
    for _, group in frame.groupby(keys, sort=True):
        edges = np.round(np.cumsum(group[weight].to_numpy(dtype=float)) / group[weight].sum() * slots).astype(
            int
        )
        part = group.loc[group.index.repeat(np.diff(edges, prepend=0))].drop(columns=weight)
        parts.append(part.assign(slot=np.arange(len(part))))
    return pd.concat(parts, ignore_index=True)


def _register(con: duckdb.DuckDBPyConnection, name: str, frame: pd.DataFrame) -> None:
    con.register("frame_view", frame)
    con.execute(f"create table {name} as select * from frame_view order by all")
    con.unregister("frame_view")


def create_places(con: duckdb.DuckDBPyConnection) -> None:
    """Create `institution`, `institution_slot`, `enhet` (the contract's table) and `unit_list` (units per kind of item)."""
    con.execute("""
        create table institution as
        select row_number() over (order by institution)::integer as inst_nr, institution, hf_orgnr as hf, name, type,
            share_som, share_phv
        from syn.institutions order by institution""")
    spread = con.execute("""
        with shares as (
            select 'SOM' as sector, hf, inst_nr, type, share_som as share from institution where share_som > 0
            union all select 'PHVTSB', hf, inst_nr, type, share_phv from institution where share_phv > 0
        ),
        wanted as (
            select s.*, k.place_kind, s.share * coalesce(f.factor, 0) as weight
            from shares as s
            inner join (select distinct place_kind, place_kind in ('vop', 'bup', 'tsb') as phv from syn.place_kinds) as k
                on k.phv = (s.sector <> 'SOM')
            left join syn.place_kinds as f on f.place_kind = k.place_kind and f.type = s.type
            union all
            select *, 'main', share from shares where sector = 'SOM' and type not in ('radio', 'rehab')
            qualify row_number() over (partition by hf order by share desc, inst_nr) = 1
        )
        select hf, place_kind, inst_nr,
            if(sum(weight) over (partition by hf, place_kind) > 0, weight, if(type = 'radio', 0, share)) as weight
        from wanted order by all""").df()
    _register(con, "institution_slot", _slots(spread, ["hf", "place_kind"], "weight", 200))
    institutions = refs.rows(con, "select * from institution order by inst_nr")
    departments = refs.rows(con, "select * from syn.departments")
    units, lists = [], []
    for place in institutions:
        mine = [d for d in departments if place["type"] in d["institution_types"].split()]
        made = {d["code"]: _units(place, d) for d in mine}
        units += [u for of in made.values() for u in of["all"]]
        lists += _lists(place, mine, made)
    _register(con, "enhet", pd.DataFrame(units))
    con.register("frame_view", pd.DataFrame(lists, columns=["inst_nr", "hdg", "setting", "grp", "units"]))
    con.execute("create table unit_list as select * from frame_view order by inst_nr, hdg, setting, grp")
    con.unregister("frame_view")


def _units(place: dict, department: dict) -> dict:
    """The units of one department: an outpatient clinic, and wards."""
    base = f"{place['institution'][-6:]}-{department['code'].upper()}"
    refund = 2 if department["groups"] == "outside" else 1
    made: dict = {"A": [], "K": [], "all": []}

    def add(kind: str, unit_id: str, name: str, unit_type: int) -> None:
        made[kind].append(unit_id)
        made["all"].append(
            {
                "enhetID": unit_id,
                "orgNr": place["institution"],
                "navn": f"{name}, {place['name']}",
                "hf": place["hf"],
                "typeEnhet": unit_type,
                "isfRefusjon": refund,
            }
        )

    if set(department["settings"]) & set("KDE"):
        add("K", f"{base}P", f"{department['name']}, poliklinikk", 5)
    for ward in range(department["wards"] or 0):
        add("A", f"{base}{ward + 1}", f"{department['name']}, sengepost {ward + 1}", 6)
    return made


def _lists(place: dict, departments: list[dict], made: dict) -> list[tuple]:
    """For each HDG, setting and group: the units that can have the stay; `grp` empty = the ordinary ones."""
    found: dict[tuple, list[str]] = {}
    for d in departments:
        for hdg in d["hdgs"].split():
            for setting in d["settings"]:
                units = made[d["code"]]["A" if setting == "A" else "K"] or made[d["code"]]["K"]
                found.setdefault((int(hdg), setting, d["groups"] or ""), []).extend(units)
    return [(place["inst_nr"], *key, units) for key, units in found.items() if units]
