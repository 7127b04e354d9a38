"""A small settled delivery in which every kind of unit and every rule that ends at 0 occurs."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.settlement.run import build_warehouse
from tests.deliveries import ENHET, EPISODE, HRESEPT, row, write

OSLO, BERGEN, TRONDHEIM, TROMSO = "0301", "4601", "5001", "5501"
REGIONS = ("883658752", "983658725", "983658776", "991324968")
OUS, HELSE_BERGEN = "993467049", "983974724"


def contact(number: int, drg: str, **changes: str) -> dict:
    """A contact with an eligible person, each of its own patient unless something else is said."""
    values = {
        "episodeID": f"E{number}",
        "pasientID": f"P{number}",
        "drg": drg,
        "hf": OUS,
        "institusjonID": OUS,
    }
    return row(EPISODE, **{**values, **changes})


def department_stay(number: int, drg: str, start: str, end: str, **changes: str) -> dict:
    values = {"episodetype": "A", "innDatoTid": f"{start}T10:00", "utDatoTid": f"{end}T12:00"}
    return contact(number, drg, **{**values, **changes})


def episodes() -> list[dict]:
    rehabilitation = [
        department_stay(20 + n, drg, "2025-03-01", "2025-03-20", komNrHjem=BERGEN, hf=HELSE_BERGEN)
        for n, drg in enumerate(["462A", "462A", "462A", "462B"])
    ]
    monthly = [contact(40 + m, "904A", innDatoTid=f"2025-{m:02}-03", utDatoTid=f"2025-{m:02}-03") for m in range(1, 13)]
    mental = [
        contact(60 + n, "TD32A", sektor="VOP", komNrHjem=home, fodselsar="1940")
        for n, home in enumerate([OSLO, BERGEN, TRONDHEIM, TROMSO])
    ]
    return [
        department_stay(1, "14A", "2025-02-01", "2025-02-12"),
        department_stay(2, "64", "2025-02-01", "2025-05-01", hf=HELSE_BERGEN),
        contact(3, "904A", komNrHjem=TRONDHEIM),
        contact(4, "904A", komNrHjem=TROMSO, stedAktivitet="4"),
        department_stay(5, "TD32A", "2025-04-01", "2025-04-09", sektor="VOP"),
        department_stay(6, "362", "2025-04-01", "2025-04-02"),
        contact(7, "904A"),
        contact(8, "801H"),
        contact(9, "904A", komNrHjem="9900"),
        contact(10, "904A", hf="999999999"),
        contact(11, "904A", sektor="XYZ"),
        *rehabilitation,
        *monthly,
        *mental,
    ]


def build(parent: Path) -> duckdb.DuckDBPyConnection:
    """The open warehouse of the delivery."""
    found = episodes()
    lines = [
        row(HRESEPT, pasientID="P8", atc="L04AA23", refusjonsKodeResept="G35", hf=OUS),
        row(HRESEPT, utleveringID="H2", pasientID="P8", atc="L04AB02", refusjonsKodeResept="K50", hf=OUS),
        row(HRESEPT, utleveringID="H3", pasientID="P9", atc="L04AA23", refusjonsKodeResept="", hf=OUS),
        row(HRESEPT, utleveringID="H4", pasientID="P7", atc="L04AA23", refusjonsKodeResept="G35", hf=""),
    ]
    folder = write(
        parent,
        {},
        name="2025-T3-2",
        manifest={"year": 2025, "tertial": 3, "delivery": 2},
        episode=found,
        tilstand=[{"episodeID": e["episodeID"], "tilstNr": "1", "kodeNr": "1", "kode": "I639"} for e in found],
        prosedyre=[{"episodeID": "E1", "prosNr": "1", "kodeverk": "M", "kode": "ZTX00"}],
        helseperson=[{"episodeID": e["episodeID"], "nr": "1", "polUtforende": "1"} for e in found],
        takst=[{"episodeID": "E7", "takst": "B53"}],
        enhet=[ENHET],
        hresept=lines,
        akonto=[
            {"rhf": region, "sektor": sector, "maned": "2025-01", "belop": "1000"}
            for region in REGIONS
            for sector in ("SOM", "PHVTSB")
        ],
    )
    return build_warehouse(folder)


def without_views(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """The same warehouse with a table in place of each view, so that everything can be tampered with."""
    query = "select view_name from duckdb_views() where schema_name = 'main' and not internal order by view_name"
    for (name,) in con.execute(query).fetchall():
        con.execute(f"create table copy as select * from {name}; drop view {name}; alter table copy rename to {name}")
    return con
