"""People and places as small tables to look up in: homes, ages, municipalities, institutions and units.

A person is a number; age, sex, home and municipality follow from it, so the same person is the same
everywhere. At scale 1 there are as many people as live in the country.
"""

from typing import Any

import duckdb
import pyarrow as pa

from pipelines.generate import refs, tables
from pipelines.generate.frames import save, slotted

SLOTS = 1000
AGE_SLOTS = 400
INSTITUTION_SLOTS = 200


def create_people(con: duckdb.DuckDBPyConnection, numbers: dict[str, Any]) -> None:
    """Create `home`, `bucket` (people of a home, age band and sex), `municipality_slot` and `age_slot`."""
    tables.create(con, "home")
    tables.create(con, "bucket", numbers)
    save(
        con,
        "municipality_slot",
        slotted(tables.query(con, "home_municipality").df(), ["home_idx"], SLOTS),
    )
    ages = con.execute("select ages, band, weight from syn.ages order by ages, band").df()
    save(con, "age_slot", slotted(ages, ["ages"], AGE_SLOTS))


def create_places(con: duckdb.DuckDBPyConnection) -> None:
    """Create `institution`, `institution_slot`, the contract's `enhet`, and `unit_list` (units per kind)."""
    tables.create(con, "institution")
    shares = tables.query(con, "place_share").df()
    save(con, "institution_slot", slotted(shares, ["hf", "place_kind"], INSTITUTION_SLOTS))
    departments = refs.rows(con, "select * from syn.departments")
    units, lists = [], []
    for place in refs.rows(con, "select * from institution order by inst_nr"):
        mine = [d for d in departments if place["type"] in d["institution_types"].split()]
        made = {d["code"]: _units(place, d) for d in mine}
        units += [unit for of in made.values() for unit in of["all"]]
        lists += _lists(place, mine, made)
    save(con, "enhet", pa.Table.from_pylist(units))
    columns = ("inst_nr", "hdg", "setting", "grp", "units")
    save(con, "unit_list", pa.table(dict(zip(columns, map(list, zip(*lists, strict=True)), strict=True))))


def _units(place: dict, department: dict) -> dict[str, list]:
    """The units of one department: an outpatient clinic (K), wards (A), and all as rows of `enhet`."""
    base = f"{place['institution'][-6:]}-{department['code'].upper()}"
    made: dict[str, list] = {"A": [], "K": [], "all": []}

    def add(kind: str, unit_id: str, name: str, unit_type: int) -> None:
        made[kind].append(unit_id)
        made["all"].append(
            {
                "enhetID": unit_id,
                "orgNr": place["institution"],
                "navn": f"{name}, {place['name']}",
                "hf": place["hf"],
                "typeEnhet": unit_type,
                "isfRefusjon": 2 if department["groups"] == "outside" else 1,
            }
        )

    if set(department["settings"]) & set("KDE"):
        add("K", f"{base}P", f"{department['name']}, poliklinikk", 5)
    for ward in range(1, (department["wards"] or 0) + 1):
        add("A", f"{base}{ward}", f"{department['name']}, sengepost {ward}", 6)
    return made


def _lists(place: dict, departments: list[dict], made: dict) -> list[tuple]:
    """For each HDG, setting and group: the units that can have the stay; empty group = the ordinary ones."""
    found: dict[tuple, list[str]] = {}
    for d in departments:
        units = made[d["code"]]
        for hdg in d["hdgs"].split():
            for setting in d["settings"]:
                of_setting = units["A" if setting == "A" else "K"] or units["K"]
                found.setdefault((int(hdg), setting, d["groups"] or ""), []).extend(of_setting)
    return [(place["inst_nr"], *key, units) for key, units in found.items() if units]
