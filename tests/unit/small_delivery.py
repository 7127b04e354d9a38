"""Builds small deliveries for the tests of loading: rows as dictionaries, written as CSV or Parquet."""

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


def row(base: dict, **changes: str | None) -> dict:
    """A row with other values; None takes the column away."""
    return {k: v for k, v in {**base, **changes}.items() if v is not None}


def csv_text(rows: list[dict], *, eol: str = "\n", quoting: int = csv.QUOTE_MINIMAL) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=";", lineterminator=eol, quoting=quoting, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write(
    parent: Path, tables: dict | None = None, *, name: str = "2025-T1-1", manifest: object = MANIFEST, **more
) -> Path:
    """A delivery folder. A table is a list of rows, the text of a CSV file, or a pyarrow table (Parquet);
    a name with an ending (`x.csv.gz`) is taken as it is. `more`: tables in place of the smallest ones."""
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
            data = (content if isinstance(content, str) else csv_text(content)).encode()
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
    con = con or duckdb.connect(config={"threads": 2})
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
