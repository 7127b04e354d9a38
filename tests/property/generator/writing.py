"""Writes a delivery as files by the contract, in the varieties the contract allows."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq

from ..plain.landing import COLUMNS
from ..plain.model import BLANK, EXTRA, FIELDS, Delivery, Moment
from ..plain.parsing import parse

#: Columns without a star: they may be absent.
MAY_BE_ABSENT = {
    "episode": ["indirekteAktivitet", "utTilstand", "fraSted", "tilSted", "bydel", "kjonn", "hdg", "alderDager"],
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
    if r.random() < 0.15 or any(EXTRA in row for row in rows):
        columns.insert(r.randint(0, len(columns)), EXTRA)
    end = r.choice(["\n", "\n", "\r\n"])
    quoting = r.choice([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", quoting=quoting, lineterminator=end)
    writer.writerow(columns)
    for row in rows:
        fields = [row.get(c, "x" if c == EXTRA else "") for c in columns]
        on_one_line = [i for i, field in enumerate(fields) if "\n" not in field]
        if row.get(FIELDS) == "fewer" and on_one_line:
            fields.pop(on_one_line[-1])
        elif row.get(FIELDS) in ("more", "fewer"):
            fields.append("1")
        elif row.get(FIELDS) == "one":
            fields = [" "]
        out.write(end * int(row.get(BLANK, "0")))
        writer.writerow(fields)
    text = out.getvalue()
    if r.random() < 0.15:
        text = text.removesuffix(end)
    return ("\ufeff" if r.random() < 0.2 else "") + text


def parquet_of(table: str, rows: list[dict[str, str]], r: Random) -> bytes:
    """The table as Parquet: columns as text, or with types where every value of the column allows it."""
    typed = r.random() < 0.6
    arrays = {}
    for column in columns_of(table, rows, r):
        kind = COLUMNS[table][column][0]
        texts = [(row.get(column) or "").strip() or None for row in rows]
        values = [t and parse(kind, t) for t in texts]
        readable = all((v is None) == (t is None) for v, t in zip(values, texts, strict=True))
        arrays[column] = typed_array(values, texts, r) if typed and readable and kind != "month" else None
        if arrays[column] is None:
            arrays[column] = pa.array([row.get(column) or None for row in rows], pa.string())
    out = io.BytesIO()
    pq.write_table(pa.table(arrays), out)
    return out.getvalue()


def typed_array(values: list, texts: list[str | None], r: Random) -> pa.Array | None:
    """Numbers, dates and moments as such, in one of the types that hold them exactly; None for anything else."""
    found = [v for v in values if v is not None]
    if found and all(type(v) is int for v in found):
        small = max(abs(v) for v in found) < 2**31
        kind = r.choice([pa.int32(), pa.float64(), pa.decimal128(21, 2), pa.int64()]) if small else pa.int64()
        return pa.array(values, pa.int64()).cast(kind)
    if found and all(type(v) is date for v in found):
        return pa.array(values, pa.date32()).cast(r.choice([pa.date32(), pa.timestamp("ms")]))
    if found and all(isinstance(v, Moment) and not v.known for v in found):
        return pa.array([v and v.day for v in values], pa.date32())
    if found and all(isinstance(v, Moment) and v.known and v.day.year < 2100 for v in found):
        unit = r.choice(["ms", "us", "ns"])
        if not any("24:00" in (t or "") for t in texts):
            return pa.array([t and ticks(t, unit) for t in texts], pa.int64()).cast(pa.timestamp(unit))
    if found and all(isinstance(v, Decimal) and abs(v) < 10**15 for v in found):
        return pa.array(values, pa.decimal128(24, 8))
    return None


def ticks(text: str, unit: str) -> int:
    """Units since 1970 of a readable time; what is finer than the unit is cut off."""
    digits = {"ms": 3, "us": 6, "ns": 9}[unit]
    whole, _, fraction = text.replace(",", ".").partition(".")
    seconds = int((datetime.fromisoformat(whole) - datetime(1970, 1, 1)).total_seconds())
    return seconds * 10**digits + int(f"{fraction:0<{digits}}"[:digits])


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
        if table in delivery.parquet:
            name, data = f"{table}.parquet", parquet_of(table, rows, r)
        else:
            name, data = f"{table}.csv", text_of(table, rows, r).encode("utf-8")
        if name.endswith(".csv") and r.random() < 0.2:
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
