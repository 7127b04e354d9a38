"""The types and names a Parquet file may hold its columns in, and what they become."""

import datetime as dt
import gzip
import json
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.unit.small_delivery import (
    ALL,
    EPISODE,
    HRESEPT,
    TILSTAND,
    csv_text,
    load,
    quarantine,
    refused,
    row,
    rows_of,
    write,
)
from tests.unit.test_load_formats import parquet

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
