"""Deliveries for tests: rows as dictionaries, with defaults by the contract, written as CSV or Parquet.

`write` makes the folder of a delivery. Its rows come from `row` (a default row with other values), from `Rows` (by
episode, with what belongs to it), from the rule cases (`tests.cases.casebook`) or by chance
(`tests.property.random_deliveries`, whose writer dresses the files in all the varieties that the contract allows).
"""

from __future__ import annotations

import copy
import csv
import gzip
import io
import json
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.delivery.contract import TABLES
from pipelines.delivery.folder import Folder, inspect_folder
from pipelines.delivery.load import DeliveryInfo, load_delivery
from pipelines.errors import DeliveryRefused

EPISODE = {
    "episodeID": "E1",
    "pasientID": "P1",
    "sektor": "SOM",
    "institusjonID": "900000001",
    "hf": "900000002",
    "avdeling": "U1",
    "episodetype": "K",
    "innDatoTid": "2025-01-02T10:00",
    "utDatoTid": "2025-01-02T10:30",
    "omsorgsniva": "3",
    "kontaktType": "2",
    "stedAktivitet": "1",
    "innmateHast": "4",
    "inntilstand": "1",
    "debitor": "1",
    "komNrHjem": "0301",
    "fodselsar": "1950",
    "utskrKlarDato": "",
    "drg": "904A",
}
TILSTAND = {"episodeID": "E1", "tilstNr": "1", "kodeNr": "1", "kode": "I63.9"}
PROSEDYRE = {"episodeID": "E1", "prosNr": "1", "kodeverk": "M", "kode": "ZTX00"}
HELSEPERSON = {"episodeID": "E1", "nr": "1", "polUtforende": "1"}
TAKST = {"episodeID": "E1", "takst": "B53"}
ENHET = {"enhetID": "U1", "hf": "900000002", "isfRefusjon": "1"}
HRESEPT = {
    "utleveringID": "H1",
    "pasientID": "P1",
    "utleveringsdato": "2025-02-03",
    "atc": "L04AB01",
    "refusjonsKodeResept": "M05.9",
    "refusjonsKodeUtlevering": "",
    "hf": "900000002",
    "komNrHjem": "301",
    "belop": "1234,50",
}
AKONTO = {"rhf": "900000003", "sektor": "SOM", "maned": "2025-01", "belop": "1000000"}
REQUIRED = {
    "episode": [EPISODE],
    "tilstand": [TILSTAND],
    "prosedyre": [PROSEDYRE],
    "helseperson": [HELSEPERSON],
    "enhet": [ENHET],
}
ALL = {**REQUIRED, "takst": [TAKST], "hresept": [HRESEPT], "akonto": [AKONTO]}
MANIFEST = {"year": 2025, "tertial": 1, "delivery": 1}
COLUMNS = {table.name: [column.name for column in table.columns] for table in TABLES}


def manifest_of(name: str) -> dict:
    """What `leveranse.json` says of a delivery by its name."""
    year, tertial, number = name.split("-")
    return {"year": int(year), "tertial": int(tertial[1:]), "delivery": int(number)}


def row(base: dict, **changes: str | None) -> dict:
    """A row with other values; None takes the column away."""
    return {k: v for k, v in {**base, **changes}.items() if v is not None}


class Rows:
    """Rows of a delivery, filled by episode at the trust `hf`."""

    def __init__(self, hf: str) -> None:
        self.tables: dict[str, list[dict]] = {name: [] for name in (*REQUIRED, "hresept")}
        self.hf, self.patients = hf, 0

    def unit(self, identifier: str, hf: str, name: str = "", isf: str = "1") -> None:
        self.tables["enhet"].append(row(ENHET, enhetID=identifier, hf=hf, isfRefusjon=isf) | {"navn": name})

    def episode(
        self, identifier: str, hf: str = "", *, conditions=("I639",), procedures=(), people=("1",), **changes
    ) -> None:
        """An episode of a patient of its own (or `pasientID`); conditions may be `code:tilstNr:kodeNr`."""
        hf = hf or self.hf
        self.patients += 1
        base = {
            "episodeID": identifier, "pasientID": f"P{self.patients}", "hf": hf, "institusjonID": f"{hf}I",
            "avdeling": f"U{hf}", "kjonn": "1", "drg": "901A", "hdg": "", "npkOppholdID": "",
        }  # fmt: skip
        self.tables["episode"].append({**row(EPISODE), **base, **changes})
        for number, code in enumerate(conditions, 1):
            code, nr, kind = [*code.split(":"), str(number), "1"][:3] if ":" in code else (code, str(number), "1")
            self.tables["tilstand"].append({"episodeID": identifier, "tilstNr": nr, "kodeNr": kind, "kode": code})
        for number, code in enumerate(procedures, 1):
            system, _, name = code.rpartition(":")
            self.tables["prosedyre"].append(
                {"episodeID": identifier, "prosNr": str(number), "kodeverk": system or "M", "kode": name}
            )
        for number, person in enumerate(people, 1):
            self.tables["helseperson"].append({"episodeID": identifier, "nr": str(number), "polUtforende": person})

    def stay(self, identifier: str, start: str, end: str, **changes) -> None:
        self.episode(
            identifier,
            **{"episodetype": "A", "innDatoTid": start, "utDatoTid": end, "omsorgsniva": "1", "kontaktType": "",
               "drg": "89", "utskrKlarDato": "", **changes},
        )  # fmt: skip

    def line(self, identifier: str, hf: str = "", **changes) -> None:
        self.tables["hresept"].append(
            {**row(HRESEPT), "utleveringID": identifier, "pasientID": f"L{identifier}", "hf": hf or self.hf, **changes}
        )


def csv_text(
    rows: list[dict], columns: list[str] | None = None, *, eol: str = "\n", quoting: int = csv.QUOTE_MINIMAL
) -> str:
    """A file's text; its columns are those of the first row unless given."""
    out = io.StringIO()
    writer = csv.DictWriter(
        out, columns or list(rows[0]), delimiter=";", lineterminator=eol, quoting=quoting, restval=""
    )
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write(
    parent: Path,
    tables: dict | None = None,
    *,
    name: str = "2025-T1-1",
    manifest: object = MANIFEST,
    whole: bool = False,
    **more,
) -> Path:
    """A delivery folder. A table is a list of rows, the text of a CSV file, or a pyarrow table (Parquet);
    a name with an ending (`x.csv.gz`) is taken as it is. `more`: tables in place of the smallest ones. With `whole`
    the files have all columns of the contract, and may be without rows."""
    folder = parent / name
    folder.mkdir(parents=True, exist_ok=True)
    if manifest is not None:
        text = manifest if isinstance(manifest, str) else json.dumps(manifest)
        (folder / "leveranse.json").write_text(text, encoding="utf-8")
    for table, content in {**(copy.deepcopy(REQUIRED) if tables is None else tables), **more}.items():
        if content is None:
            continue
        if isinstance(content, pa.Table):
            pq.write_table(content, folder / f"{table}.parquet")
            continue
        data = content if isinstance(content, bytes) else None
        if data is None:
            columns = COLUMNS[table] if whole else None
            data = (content if isinstance(content, str) else csv_text(content, columns)).encode()
        file = table if "." in table else f"{table}.csv"
        (folder / file).write_bytes(gzip.compress(data) if file.endswith(".gz") and data[:2] != b"\x1f\x8b" else data)
    return folder


def inspected(folder: Path) -> Folder:
    """The folder with its period. Stands in for the rule sets: there is one for 2025."""
    found = inspect_folder(folder)
    if found.year not in (None, 2025):
        found.problems.append(f"Year {found.year} has no rule set. Add one")
    elif found.year and found.tertial:
        found.period = date(found.year, 1, 1), date(found.year, 4 * found.tertial, 28)
    return found


def load(folder: Path, con: duckdb.DuckDBPyConnection | None = None) -> tuple[duckdb.DuckDBPyConnection, DeliveryInfo]:
    con = con or duckdb.connect(config={"threads": 1})
    return con, load_delivery(inspected(folder), con)


def rows_of(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    return con.execute(query).fetchall()


def quarantine(con: duckdb.DuckDBPyConnection) -> list[tuple]:
    """(file, line, reason, column, value) of every quarantined row."""
    return rows_of(con, "select file, line, reason, column_name, value from landing.quarantine order by file, line")


def refused(folder: Path) -> list[str]:
    """The problems a delivery is refused with; nothing may be left behind."""
    con = duckdb.connect()
    before = rows_of(con, "select table_name from duckdb_tables()")
    try:
        load_delivery(inspected(folder), con)
    except DeliveryRefused as refusal:
        assert rows_of(con, "select table_name from duckdb_tables()") == before
        assert not rows_of(con, "select 1 from duckdb_schemas() where schema_name = 'landing'")
        assert all(problem in str(refusal) for problem in refusal.problems)
        return refusal.problems
    raise AssertionError("the delivery was not refused")
