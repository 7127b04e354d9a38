"""The same delivery in every format gives the same tables; and the types a Parquet file may hold."""

import csv
import datetime as dt
import gzip
import json
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_delivery import ALL, EPISODE, HRESEPT, TILSTAND, csv_text, load, quarantine, row, rows_of, write

from pipelines import load_csv, load_source
from pipelines.contract import TABLES

GOOD = {
    "text": [f"E{i}" for i in range(1, 8)] + [" E1", "E2\u00a0"],
    "code": ["14a", "  14A", "980D"],
    "icd10": ["i63.9", " I639", "."],
    "number": ["1", "01", "2", "+3", " 7 "],
    "municipality": ["0301", "301"],
    "time": ["2025-01-02", "2025-01-02T10:00", "2025-01-02 23:59:59"],
    "date": ["2025-01-02", " 2025-03-01"],
    "month": ["2025-01"],
    "amount": ["1,5", "1.25", "-3"],
    "points": ["0,0585", "1.5"],
}
NASTY = {
    "text": ["e.1Æ", "", "\u00a0", "E1"],
    "code": ["", '5" x;y', "a\nb", "\t"],
    "icd10": ["", "Å.1", " "],
    "number": ["x", "", "1.0", "9" * 19, "3"],
    "municipality": ["9999999999", "x", ""],
    "time": ["2025-01-01T23:59", "2025-01-02T09:59", "2025-02-30", "", "x"],
    "date": ["2025-02-30", "2025-01-02T00:00", ""],
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


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
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


TIME = dt.datetime(2025, 1, 2, 10, 11, 12)


@pytest.mark.parametrize(
    "values, time, known",
    [
        (pa.array([TIME.replace(microsecond=999_999)], pa.timestamp("us")), TIME, True),
        (pa.array([TIME], pa.timestamp("ns")), TIME, True),
        (pa.array([TIME], pa.timestamp("ms")), TIME, True),
        (pa.array([TIME], pa.timestamp("s")), TIME, True),
        (pa.array([dt.datetime(2025, 1, 2)], pa.timestamp("us")), dt.datetime(2025, 1, 2), True),
        (pa.array([dt.date(2025, 1, 2)]), dt.datetime(2025, 1, 2), False),
        (pa.array([dt.datetime(2025, 1, 2)], pa.date64()), dt.datetime(2025, 1, 2), False),
        (pa.array([" 2025-01-02 10:11:12"]), TIME, True),
        (pa.array(["2025-01-02"], pa.large_string()), dt.datetime(2025, 1, 2), False),
    ],
)
def test_times_in_parquet(tmp_path, values, time, known):
    columns = {k: pa.array([v]) for k, v in EPISODE.items()} | {
        "innDatoTid": values,
        "utDatoTid": pa.nulls(1),
    }
    con, _ = load(write(tmp_path, episode=pa.table(columns)))
    assert rows_of(con, 'select "innDatoTid", "innTidKjent", "utDatoTid", "utTidKjent" from landing.episode') == [
        (time, known, None, False)
    ]


@pytest.mark.parametrize(
    "values, date, bad",
    [
        (pa.array([dt.date(2025, 3, 1)]), dt.date(2025, 3, 1), 0),
        (pa.array([dt.datetime(2025, 3, 1)], pa.timestamp("ns")), dt.date(2025, 3, 1), 0),
        (pa.array([TIME], pa.timestamp("us")), None, 1),
        (pa.array(["2025-03-01 "]), dt.date(2025, 3, 1), 0),
        (pa.array([20250301]), None, 1),
        (pa.nulls(1), None, 0),
    ],
)
def test_dates_in_parquet(tmp_path, values, date, bad):
    columns = {k: pa.array([v]) for k, v in EPISODE.items()} | {"utskrKlarDato": values}
    con, _ = load(write(tmp_path, episode=pa.table(columns)))
    assert rows_of(con, 'select "utskrKlarDato" from landing.episode') == [(date,)]
    assert len(rows_of(con, "from landing.unparsed where column_name = 'utskrKlarDato'")) == bad


@pytest.mark.parametrize(
    "values, number, bad",
    [
        (pa.array([7], pa.int8()), 7, 0),
        (pa.array([7], pa.uint64()), 7, 0),
        (pa.array([2**63], pa.uint64()), None, 1),
        (pa.array([7.0]), 7, 0),
        (pa.array([7.5]), None, 1),
        (pa.array([float("nan")]), None, 0),
        (pa.array([float("inf")]), None, 1),
        (pa.array([Decimal("7.00")]), 7, 0),
        (pa.array([Decimal("7.10")]), None, 1),
        (pa.array(["07"]).dictionary_encode(), 7, 0),
        (pa.array([b"07"]), 7, 0),
        (pa.array([True]), None, 1),
        (pa.nulls(1), None, 0),
        (pa.array([" "]), None, 0),
    ],
)
def test_whole_numbers_in_parquet(tmp_path, values, number, bad):
    columns = {k: pa.array([v]) for k, v in EPISODE.items()} | {"debitor": values, "komNrHjem": values}
    con, _ = load(write(tmp_path, episode=pa.table(columns)))
    assert rows_of(con, 'select debitor, "komNrHjem" from landing.episode') == [(number, number)]
    assert len(rows_of(con, "from landing.unparsed where column_name = 'debitor'")) == bad


@pytest.mark.parametrize(
    "values, text",
    [
        (pa.array([983974724]), "983974724"),
        (pa.array([983974724.0]), "983974724"),
        (pa.array([Decimal(983974724)]), "983974724"),
        (pa.array([b" 983974724 "]), "983974724"),
        (pa.array(["\u2003983974724\x1f"]), "983974724"),
    ],
)
def test_ids_in_parquet(tmp_path, values, text):
    columns = {k: pa.array([v]) for k, v in EPISODE.items()} | {"hf": values, "episodeID": values}
    child = pa.table({**{k: pa.array([v]) for k, v in TILSTAND.items()}, "episodeID": values})
    con, _ = load(write(tmp_path, episode=pa.table(columns), tilstand=child))
    assert rows_of(con, 'select hf, "episodeID" from landing.episode') == [(text, text)]
    assert rows_of(con, "select episode_nr, kode from landing.tilstand") == [(1, "I639")]


@pytest.mark.parametrize("values", [pa.array([1234.5]), pa.array([Decimal("1234.50")]), pa.array(["1234,5"])])
def test_amounts_in_parquet(tmp_path, values):
    columns = {k: pa.array([v]) for k, v in HRESEPT.items()} | {"belop": values}
    con, _ = load(write(tmp_path, ALL, hresept=pa.table(columns)))
    assert rows_of(con, "select belop from landing.hresept") == [(Decimal("1234.5"),)]


def test_ids_padded_in_parquet_are_looked_up_again_trimmed(tmp_path):
    rows = [row(TILSTAND, episodeID=e, kodeNr=k) for e, k in
            (("E1", "1"), (" E1", "1"), (" E9", "1"), ("  ", "1"), ("E1 ", "3"))]  # fmt: skip
    con, _ = load(write(tmp_path, tilstand=parquet(rows)))
    assert rows_of(con, "select episode_nr from landing.tilstand") == [(1,), (1,)]
    assert quarantine(con) == [
        ("tilstand", 3, "parent_absent", "episodeID", " E9"),
        ("tilstand", 4, "missing_required", "episodeID", "  "),
        ("tilstand", 5, "value_not_listed", "kodeNr", "3"),
    ]
    assert rows_of(con, "select distinct further from landing.quarantine") == [(None,)]


def test_odd_column_names_in_parquet(tmp_path):
    columns = {k: pa.array([v]) for k, v in TILSTAND.items()}
    odd = {
        "Kode": ["x"],
        "file_row_number": [99],
        'a"b': [1],
        "year": [1],
        "nested": [{"kode": "y"}],
        "list": [[1, 2]],
    }
    con, _ = load(write(tmp_path, tilstand=pa.table({**{k: pa.array(v) for k, v in odd.items()}, **columns})))
    assert rows_of(con, "from landing.tilstand") == [(1, 1, 1, "I639")]
    assert [n for _, n in rows_of(con, "from landing.unknown_column")] == list(odd)
    bad = pa.table({**{k: pa.array(v) for k, v in odd.items()}, **columns, "kodeNr": ["9"]})
    con, _ = load(write(tmp_path, tilstand=bad))
    assert quarantine(con) == [("tilstand", 1, "value_not_listed", "kodeNr", "9")]


def test_a_folder_with_odd_characters(tmp_path):
    parent = tmp_path / "year=2025" / "a[b]*?'c"
    con, info = load(write(parent, tilstand=parquet([TILSTAND])))
    assert info.files[1].rows_loaded == 1
    assert rows_of(con, "from landing.unknown_column") == []


def test_parquet_in_several_row_groups(tmp_path):
    n = 5000
    rows = pa.table({"episodeID": ["E1"] * n, "tilstNr": range(n), "kodeNr": [1] * (n - 1) + [9], "kode": ["I10"] * n})
    folder = write(tmp_path, tilstand=None)
    pq.write_table(rows, folder / "tilstand.parquet", row_group_size=700)
    con, _ = load(folder)
    assert quarantine(con) == [("tilstand", n, "value_not_listed", "kodeNr", "9")]
    assert rows_of(con, 'select count(distinct "tilstNr") from landing.tilstand') == [(n - 1,)]


def test_gzip_of_gzip_is_no_csv(tmp_path):
    from small_delivery import refused

    data = gzip.compress(gzip.compress(csv_text([EPISODE]).encode()))
    (problem,) = refused(write(tmp_path, episode=None, **{"episode.csv.gz": data}))
    assert "is not UTF-8" in problem


def test_extra_columns_with_names_used_inside(tmp_path):
    names = ["id", "nr", "line", "fault", "episode_nr", "g0", "t0", "v0", "k7", "c0", "r0", "value"]
    episode = {**EPISODE, **dict.fromkeys(names, "7")}
    for variant, table in (("csv", [episode]), ("parquet", parquet([episode]))):
        con, _ = load(write(tmp_path / variant, episode=table))
        assert rows_of(con, 'select episode_nr, "episodeID" from landing.episode') == [(1, "E1")]
        assert len(rows_of(con, "from landing.tilstand")) == 1


def test_a_binary_column_that_is_not_in_the_contract_is_left_alone(tmp_path):
    binary = pa.array([b"\xff\xfe"])
    for variant, kode in (("plain", pa.array(["I10"])), ("marked", pa.array([b"I10"]))):
        for key, loaded in (("1", 1), ("9", 0)):
            columns = {k: pa.array([v]) for k, v in TILSTAND.items()}
            table = pa.table({**columns, "kodeNr": [key], "kode": kode, "bilde": binary})
            con, info = load(write(tmp_path / f"{variant}{key}", tilstand=table))
            assert info.files[1].rows_loaded == loaded
            assert rows_of(con, "from landing.unknown_column") == [("tilstand", "bilde")]


def test_an_empty_parquet_file_and_one_of_nothing_but_nulls(tmp_path):
    empty = pa.table({k: pa.array([], pa.string()) for k in TILSTAND})
    con, info = load(write(tmp_path, tilstand=empty))
    assert info.files[1].rows_in == 0
    con, info = load(write(tmp_path / "b", tilstand=pa.table({k: pa.nulls(3) for k in TILSTAND})))
    assert [q[2:4] for q in quarantine(con)] == [("missing_required", "episodeID")] * 3


def test_values_that_json_must_escape_are_kept_as_they_came(tmp_path):
    odd = '\x00 \\ " ; \u2028 æ'
    con, _ = load(write(tmp_path, enhet=[{"enhetID": "", "hf": odd, "isfRefusjon": "1", "a": "x", "": odd}]))
    ((content,),) = rows_of(con, "select row_content from landing.quarantine")
    assert json.loads(content) == {"enhetID": None, "hf": odd, "isfRefusjon": "1", "a": "x", "": odd}
    con, _ = load(write(tmp_path / "b", enhet=[{"enhetID": "U1", "hf": odd, "isfRefusjon": odd}]))
    assert rows_of(con, "select hf from landing.enhet") == [(odd,)]
    assert rows_of(con, "select value from landing.unparsed") == [(odd,)]
