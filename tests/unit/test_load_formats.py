"""The same delivery in every format gives the same tables; and the types a Parquet file may hold."""

import csv
import json

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.delivery import csv as load_csv
from pipelines.delivery import source as load_source
from pipelines.delivery.contract import TABLES
from tests.deliveries import ALL, EPISODE, TILSTAND, csv_text, load, quarantine, row, rows_of, write
from tests.size import size

GOOD = {
    "text": [f"E{i}" for i in range(1, 8)] + [" E1", "E2\u00a0"],
    "code": ["14a", "  14A", "980D"],
    "icd10": ["i63.9", " I639", "."],
    "number": ["1", "01", "2", "+3", " 7 ", "1.0", "2,000"],
    "municipality": ["0301", "301", "301,00"],
    "time": ["2025-01-02", "2025-01-02T10:00", "2025-01-02 23:59:59", "2025-10-26T02:40"],
    "end": ["2025-01-02", "2025-01-02T10:00", "2025-01-02 23:59:59.5", "2025-01-02T24:00", "2025-10-26 02:10:00,0"],
    "date": ["2025-01-02", " 2025-03-01", "2025-03-01 00:00:00.000"],
    "month": ["2025-01"],
    "amount": ["1,5", "1.25", "-3"],
    "points": ["0,0585", "1.5"],
}
NASTY = {
    "text": ["e.1Æ", "", "\u00a0", "E1"],
    "code": ["", '5" x;y', "a\nb", "\t"],
    "icd10": ["", "Å.1", " "],
    "number": ["x", "", "1.5", "9" * 19, "-9223372036854775808", "3"],
    "municipality": ["9999999999", "x", ""],
    "time": [
        "2025-01-01T23:59",
        "2025-01-02T09:59",
        "2025-02-30",
        "",
        "x",
        "2025-01-02T24:00",
        "9999-12-31T23:59:59.9",
    ],
    "end": ["2025-01-01T23:59:59.4", "2025-01-02T09:59", "2025-02-30T10:00:00.5", "", "x", "9999-12-31 24:00"],
    "date": ["2025-02-30", "2025-01-02T00:01", "2025-01-02T24:00", ""],
    "month": ["2025-13", ""],
    "amount": ["x", "", "1.000,5"],
    "points": ["x", ""],
}


@st.composite
def deliveries(draw):
    tables = {}
    for table in TABLES:
        columns = {}
        for column in table.columns:
            good = list(map(str, column.listed)) if column.listed else GOOD[column.kind]
            columns[column.name] = st.sampled_from(good * (40 // len(good)) + NASTY[column.kind])
        rows = draw(st.lists(st.fixed_dictionaries(columns), max_size=6))
        tables[table.name] = rows or [dict.fromkeys(columns, "?")]
    return tables


def parquet(rows: list[dict]) -> pa.Table:
    return pa.table({k: pa.array([r[k] or None for r in rows], pa.string()) for k in rows[0]})


def variants(tables):
    yield "csv", {t: csv_text(r) for t, r in tables.items()}
    yield "crlf", {t: csv_text(r, eol="\r\n") for t, r in tables.items()}
    yield "quoted", {t: csv_text(r, quoting=csv.QUOTE_ALL).rstrip("\n") for t, r in tables.items()}
    yield "bom", {t: b"\xef\xbb\xbf" + csv_text(r).encode() for t, r in tables.items()}
    yield "gzip", {f"{t}.csv.gz": csv_text(r) for t, r in tables.items()}
    yield "turned", {t: csv_text([dict(reversed(x.items())) for x in r]) for t, r in tables.items()}
    yield "parquet", {t: parquet(r) for t, r in tables.items()}


def landing(con) -> dict:
    """All of schema `landing` except what tells the formats apart (format, bytes, sha256, line)."""
    found = {t.name: sorted(rows_of(con, f"select * from landing.{t.name}"), key=repr) for t in TABLES}
    order = "order by file, line, column_name"
    # The row as it came: the order of columns may differ.
    kept = rows_of(
        con, f"select file, reason, column_name, value, further, row_content from landing.quarantine {order}"
    )
    found["quarantine"] = [(*k[:5], sorted(json.loads(k[5]).items())) for k in kept]
    found["unparsed"] = rows_of(con, f"select file, column_name, value from landing.unparsed {order}")
    found["account"] = rows_of(con, "select file, rows_in, rows_loaded, rows_quarantined from landing.row_account")
    return found


@settings(max_examples=size(4, 60), deadline=None, suppress_health_check=list(HealthCheck))
@given(tables=deliveries(), block=st.sampled_from([40, 8 << 20]))
def test_every_format_gives_the_same_tables(tmp_path_factory, tables, block):
    parent = tmp_path_factory.mktemp("formats")
    results = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load_csv, "BLOCK_BYTES", block)
        patch.setattr(load_source, "BLOCK_BYTES", block)
        for variant, files in variants(tables):
            con, info = load(write(parent / variant, files))
            assert all(f.rows_in == f.rows_loaded + f.rows_quarantined for f in info.files)
            results[variant] = landing(con)
    for variant, result in results.items():
        assert result == results["csv"], variant


def test_large_files_are_read_block_by_block_with_the_right_lines(tmp_path, monkeypatch):
    monkeypatch.setattr(load_csv, "BLOCK_BYTES", 1 << 10)
    monkeypatch.setattr(load_source, "BLOCK_BYTES", 1 << 10)
    n = 700
    episodes = [row(EPISODE, episodeID=f"E{i}", sektor="X" if i % 100 == 7 else "SOM") for i in range(n)]
    text = csv_text(episodes).replace("E300;", '"E300";') + "ragged\n"
    conditions = [row(TILSTAND, episodeID=f"E{i}", kode='"\n"' if i == 5 else "I10") for i in range(n)]
    for variant in ("episode.csv", "episode.csv.gz"):
        con, info = load(write(tmp_path / variant, ALL, episode=None, **{variant: text}, tilstand=conditions))
        assert info.files[0].rows_in == n + 1
        assert [q[1:4] for q in quarantine(con) if q[0] == "episode"] == [
            *((2 + i, "value_not_listed", "sektor") for i in range(7, n, 100)),
            (n + 2, "wrong_field_count", None),
        ]  # fmt: skip
        assert [q[1:3] for q in quarantine(con) if q[0] == "tilstand"] == [
            (2 + i + (i > 5), "parent_quarantined") for i in range(7, n, 100)
        ]
        numbers = rows_of(con, 'select episode_nr, "episodeID" from landing.episode')
        assert sorted(numbers) == [(i + 1, f"E{i}") for i in range(n) if i % 100 != 7]
