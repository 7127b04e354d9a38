"""The types and names a Parquet file may hold its columns in, and what they become."""

import datetime as dt
import gzip
import json
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.deliveries import (
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
        (pa.array([TIME.replace(microsecond=499_999)], pa.timestamp("us")), TIME, True),
        (pa.array([TIME.replace(microsecond=500_000)], pa.timestamp("us")), TIME + dt.timedelta(seconds=1), True),
        (pa.array([TIME.replace(microsecond=500_000)], pa.timestamp("ms")), TIME + dt.timedelta(seconds=1), True),
        (pa.array([1735812672999999999], pa.timestamp("ns")), TIME + dt.timedelta(seconds=1), True),
        (pa.array([1735812672499999999], pa.timestamp("ns")), TIME, True),
        (pa.array([dt.datetime(2025, 1, 2, 23, 59, 59, 999_999)]), dt.datetime(2025, 1, 3), True),
        (pa.array(["2025-01-02 23:59:59.999999"]), dt.datetime(2025, 1, 3), True),
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
        (pa.array([1740787200000000001], pa.timestamp("ns")), None, 1),
        (pa.array([dt.datetime(2025, 3, 1)], pa.timestamp("s")), dt.date(2025, 3, 1), 0),
        (pa.array([dt.datetime(2025, 3, 1)], pa.date64()), dt.date(2025, 3, 1), 0),
        (pa.array(["2025-03-01 00:00:00.000"]).dictionary_encode(), dt.date(2025, 3, 1), 0),
        (pa.array([2**31 - 1], pa.int32()).cast(pa.date32()), None, 1),
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
        (pa.array([7.0], pa.float32()), 7, 0),
        (pa.array([2.0**63]), None, 1),
        (pa.array([-1e300]), None, 1),
        (pa.array([Decimal(7)], pa.decimal128(38, 0)), 7, 0),
        (pa.array([Decimal(10) ** 37], pa.decimal128(38, 0)), None, 1),
        (pa.array([" 7.0 "], pa.large_string()), 7, 0),
        (pa.array(["7"], pa.string_view()), 7, 0),
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


@pytest.mark.parametrize(
    "values, amount",
    [
        (pa.array([1234.56]), "1234.56"),
        (pa.array([1234.56], pa.float32()), "1234.56"),
        (pa.array([123456789012.34]), "123456789012.34"),
        (pa.array([Decimal("1234.50")]), "1234.5"),
        (pa.array(["1234,5"]), "1234.5"),
        (pa.array([1e16]), None),
        (pa.array([Decimal(10) ** 16], pa.decimal128(38, 0)), None),
        (pa.array([Decimal("9999999999999999.99")], pa.decimal128(38, 2)), None),
    ],
)
def test_amounts_in_parquet(tmp_path, values, amount):
    columns = {k: pa.array([v]) for k, v in HRESEPT.items()} | {"belop": values}
    con, _ = load(write(tmp_path, ALL, hresept=pa.table(columns)))
    assert rows_of(con, "select belop from landing.hresept") == [(amount and Decimal(amount),)]


def test_times_beyond_what_a_database_holds_are_unreadable_values(tmp_path):
    """DuckDB has no type for them, so the column is read as text; the other rows and columns are as they were."""
    moments = [dt.datetime(2025, 1, 2, 10, 0, 0, 500_000), dt.datetime(2025, 1, 2, 12), dt.datetime(2025, 1, 3), None]
    days = pa.array([dt.date(2025, 1, 2)] * 4)
    for unit, huge in (("ms", 2**62), ("us", 2**62), ("ms", -(2**63))):
        ends = pa.array(moments, pa.timestamp(unit)).cast(pa.int64()).to_pylist()
        ends = pa.array([huge, *ends[1:]], pa.int64()).cast(pa.timestamp(unit))
        columns = {k: pa.array([v] * 4) for k, v in EPISODE.items()} | {"innDatoTid": days, "utDatoTid": ends}
        columns |= {
            "episodeID": pa.array(["E1", "E2", "E3", "E4"]).dictionary_encode(),
            "fodselsar": pa.array([1950.0] * 4),
        }
        columns |= {"ukjent": pa.array([Decimal(1)] * 4, pa.decimal256(50, 0)), "liste": pa.array([[1]] * 4)}
        con, info = load(write(tmp_path / f"{unit}{huge}", episode=pa.table(columns)))
        columns = '"episodeID", fodselsar, "utDatoTid", "utTidKjent"'
        assert rows_of(con, f"select {columns} from landing.episode order by 1") == [
            ("E1", 1950, None, False), ("E2", 1950, moments[1], True),
            ("E3", 1950, moments[2], True), ("E4", 1950, None, False),
        ]  # fmt: skip
        assert [u[:3] + u[4:] for u in rows_of(con, "from landing.unparsed")] == [("episode", 1, "utDatoTid", "E1")]
        assert info.unknown_columns == (("episode", "ukjent"), ("episode", "liste"))


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


def not_utf8(text: bytes) -> pa.Array:
    """A column of type text whose one value is not UTF-8, as programs write that do not look."""
    offsets = pa.array([0, len(text)], pa.int32()).buffers()[1]
    return pa.Array.from_buffers(pa.string(), 1, [None, offsets, pa.py_buffer(text)])


def test_text_that_is_not_utf8_is_refused_with_its_columns(tmp_path):
    latin = not_utf8("Sør".encode("latin-1"))
    enhet = pa.table({"enhetID": ["U1"], "hf": ["1"], "isfRefusjon": [1], "navn": latin, "orgNr": pa.array([b"\xe6"])})
    problems = refused(write(tmp_path, enhet=enhet, tilstand="episodeID;tilstNr;kodeNr\n"))
    assert problems == [
        "tilstand.csv: column kode is missing. Add the column, with a value in every row",
        "enhet.parquet: columns navn, orgNr of type text hold text that is not UTF-8 (often it is Latin-1). "
        "Convert the text to UTF-8 and write the file again",
    ]
    (problem,) = refused(write(tmp_path / "b", enhet=enhet.drop(["orgNr"])))
    assert problem.startswith("enhet.parquet: column navn of type text holds text that is not UTF-8")


def test_text_outside_the_contract_that_is_not_utf8_is_left_out(tmp_path):
    columns = {k: pa.array([v]) for k, v in TILSTAND.items()} | {"merknad": not_utf8(b"\xe6")}
    for key, loaded in (("1", 1), ("9", 0)):
        table = pa.table({**columns, "kodeNr": [key]})
        _, info = load(write(tmp_path / key, tilstand=table))
        assert info.files[1].rows_loaded == loaded
        assert info.unknown_columns == (("tilstand", "merknad"),)


@pytest.mark.parametrize(
    "table, values, said",
    [
        ("akonto", pa.array([Decimal(1)], pa.decimal256(54, 2)), "column belop is of type decimal(54,2)"),
        ("hresept", pa.array([Decimal(1)], pa.decimal256(39, 0)), "column belop is of type decimal(39,0)"),
        ("hresept", pa.array([None], pa.decimal256(76, 40)), "column belop is of type decimal(76,40)"),
    ],
)
def test_decimals_of_more_than_38_digits_are_refused(tmp_path, table, values, said):
    columns = {k: pa.array([v]) for k, v in ALL[table][0].items()} | {"belop": values}
    (problem,) = refused(write(tmp_path, {**ALL, table: pa.table(columns)}))
    assert problem.startswith(f"{table}.parquet: {said}, and more than 38 digits cannot be read exactly. Write it as")


def test_decimals_of_more_than_38_digits_outside_the_contract_are_left_out(tmp_path):
    wide = pa.array([Decimal(1)], pa.decimal256(54, 2))
    columns = {k: pa.array([v]) for k, v in TILSTAND.items()} | {"bred": wide, "kodeNr": pa.array(["9"])}
    con, info = load(write(tmp_path, tilstand=pa.table(columns)))
    assert info.unknown_columns == (("tilstand", "bred"),)
    ((content,),) = rows_of(con, "select row_content from landing.quarantine")
    assert json.loads(content)["bred"] is None, "no number is better than a wrong one"


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
