"""Writes a delivery as CSV files by the contract, in the varieties the contract allows."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from pathlib import Path
from random import Random

from ..plain.landing import COLUMNS
from ..plain.model import FIELDS, Delivery

#: Columns without a star: they may be absent.
MAY_BE_ABSENT = {
    "episode": ["indirekteAktivitet", "utTilstand", "fraSted", "tilSted", "bydel", "kjonn", "hdg"],
    "enhet": ["orgNr", "navn", "typeEnhet"],
    "hresept": ["varenr", "fodselsar", "belop"],
}
MAY_BE_ABSENT["episode"] += ["npkOppholdID", "npkOppholdDRG", "npkOppholdISFPoeng"]
TABLES_MAY_BE_ABSENT = ("takst", "hresept", "akonto")


def columns_of(table: str, rows: list[dict[str, str]], r: Random) -> list[str]:
    """The columns in any order; empty columns that may be absent are sometimes left out."""
    columns = list(COLUMNS[table])
    for column in MAY_BE_ABSENT.get(table, []):
        if not any(row.get(column) for row in rows) and r.random() < 0.6:
            columns.remove(column)
    r.shuffle(columns)
    return columns


def text_of(table: str, rows: list[dict[str, str]], r: Random) -> str:
    """The file's text: quotes, line ends and an unknown extra column as it happens."""
    columns = columns_of(table, rows, r)
    extra = r.random() < 0.15
    if extra:
        columns.insert(r.randint(0, len(columns)), "ukjentKolonne")
    end = r.choice(["\n", "\n", "\r\n"])
    quoting = r.choice([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", quoting=quoting, lineterminator=end)
    writer.writerow(columns)
    for row in rows:
        fields = [row.get(c, "x" if c == "ukjentKolonne" else "") for c in columns]
        if row.get(FIELDS) == "more":
            fields.append("1")
        elif row.get(FIELDS) == "fewer":
            fields.pop()
        writer.writerow(fields)
    text = out.getvalue()
    if r.random() < 0.15:
        text = text.removesuffix(end)
    return ("\ufeff" if r.random() < 0.2 else "") + text


def write_delivery(delivery: Delivery, parent: Path, seed: int = 0, shuffle: bool = False) -> Path:
    """Write the delivery as `parent/2025-T1-1`; the seed chooses among the allowed formats.

    With `shuffle` the rows of every file come in another order.
    """
    r = Random(seed)
    folder = Path(parent) / delivery.name
    folder.mkdir(parents=True)
    files = {}
    for table, rows in delivery.tables.items():
        if not rows and table in TABLES_MAY_BE_ABSENT and r.random() < 0.5:
            continue
        rows = r.sample(rows, k=len(rows)) if shuffle else rows
        data = text_of(table, rows, r).encode("utf-8")
        name = f"{table}.csv"
        if r.random() < 0.2:
            name, data = name + ".gz", gzip.compress(data, mtime=0)
        (folder / name).write_bytes(data)
        entry = {"rows": len(rows), "sha256": hashlib.sha256(data).hexdigest()}
        files[r.choice([name, table])] = r.choice([entry, {"rows": len(rows)}, {}])
    about = {
        "year": delivery.year,
        "tertial": delivery.tertial,
        "delivery": delivery.number,
        "produced": f"{delivery.year + 1}-02-01",
    }
    if r.random() < 0.4:
        about["files"] = files
    (folder / "leveranse.json").write_text(json.dumps(about), encoding="utf-8")
    return folder
