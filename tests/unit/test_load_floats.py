"""Floating numbers in Parquet: what the type cannot hold exactly is never taken for a value (docs/delivery.md, 2)."""

import numpy as np
import pyarrow as pa
import pytest

from tests.deliveries import ALL, EPISODE, HRESEPT, load, quarantine, rows_of, write
from tests.unit import plain_loader

BITS = {np.float16: 11, np.float32: 24, np.float64: 53}
TYPES = pytest.mark.parametrize("kind", BITS, ids=lambda kind: kind.__name__)
OPTIONAL = {
    "episode": ["npkOppholdID", "drg", "debitor", "komNrHjem", "npkOppholdISFPoeng", "utDatoTid", "utskrKlarDato"],
    "hresept": ["varenr", "atc", "refusjonsKodeResept", "fodselsar", "komNrHjem", "belop"],
    "enhet": ["orgNr", "typeEnhet"],
}
# Two deliveries, so that a child's own episode is there.
REQUIRED = [
    {"tilstand": "tilstNr", "prosedyre": "kode", "helseperson": "polUtforende", "takst": "takst", "enhet": "hf",
     "hresept": "pasientID", "akonto": "belop"},
    {"episode": "pasientID", "akonto": "rhf"},
    {"episode": "innDatoTid"},
]  # fmt: skip


def numbers(kind: type) -> list:
    """Both sides of every limit of a type, in both signs; and numbers of every size."""
    bits = BITS[kind]
    limits = [kind(2.0**power) for power in (bits, bits - 7, bits - 10, bits - 20) if power > -14]
    ends = kind(0), kind("inf")
    sides = [x for limit in limits for x in (np.nextafter(limit, ends[0]), limit, np.nextafter(limit, ends[1]))]
    near = [side * share for side in sides for share in (kind(0.75), kind(0.5), kind(1.25))]
    plain = [0.0, -0.0, 7.0, 7.5, 301.0, 0.142, 12.3, 1234.56, 1234.567891, 0.1 + 0.2, 123456.78, 1e-7, 4.9e-7, 5e-7]
    plain += [987554401, 16777217, 123456789012.34, 999999999999.99, 999999999999.999, 2.0**31, 1e16, 1e300, "inf"]
    with np.errstate(over="ignore"):
        plain = [kind(x) for x in plain]
        return [sign(x) for x in dict.fromkeys([*sides, *near, *plain]) for sign in (np.positive, np.negative)]


def columns(base: dict, n: int, given: dict) -> pa.Table:
    return pa.table({**{name: pa.array([text] * n) for name, text in base.items()}, **given})


@TYPES
@pytest.mark.parametrize("table", OPTIONAL)
def test_an_optional_value_is_exact_or_unparsed(tmp_path, kind, table):
    given, key = numbers(kind), plain_loader.UNIQUE[table]
    floats = {name: pa.array(np.array(given, kind)) for name in OPTIONAL[table]}
    ids = pa.array([f"X{i:04}" for i in range(len(given))])
    con, _ = load(write(tmp_path, ALL, **{table: columns(ALL[table][0], len(given), {**floats, key: ids})}))
    names = ", ".join(f'"{name}"' for name in OPTIONAL[table])
    kinds = [plain_loader.CONTRACT[table][name][0] for name in OPTIONAL[table]]
    expected = [tuple(plain_loader.floating(k, x, False) for k in kinds) for x in given]
    found = rows_of(con, f'select {names} from landing.{table} order by "{key}"')
    assert {x: f for x, f, e in zip(given, found, expected, strict=True) if f != e} == {}
    values = [(i, v) for i, e in enumerate(expected, 1) for v in zip(OPTIONAL[table], e, strict=True)]
    unparsed = {(i, name) for i, (name, read) in values if read is None}
    query = f"select line, column_name from landing.unparsed where file = '{table}'"
    assert set(rows_of(con, query)) == unparsed
    assert 0 < len(unparsed) < len(given) * len(kinds)


@TYPES
@pytest.mark.parametrize("chosen", REQUIRED, ids=lambda chosen: " ".join(chosen))
def test_a_row_with_a_required_value_that_is_not_exact_is_set_aside(tmp_path, kind, chosen):
    given, tables = numbers(kind), {}
    for table, column in chosen.items():
        key = plain_loader.UNIQUE.get(table)
        ids = {key: pa.array([f"X{i:04}" for i in range(len(given))])} if key else {}
        floats = {column: pa.array(np.array(given, kind))}
        tables[table] = columns(ALL[table][0], len(given), {**ids, **floats})
    con, _ = load(write(tmp_path, ALL, **tables))
    found = quarantine(con)
    for table, column in chosen.items():
        how = plain_loader.CONTRACT[table][column][0]
        expected = [i for i, x in enumerate(given, 1) if plain_loader.floating(how, x, True) is None]
        assert [q[1:4] for q in found if q[0] == table] == [(i, "unparsable_required", column) for i in expected]


@pytest.mark.parametrize(
    ("kind", "limit"), [(np.float16, 2.0**11), (np.float32, 2.0**24), (np.float64, 2.0**53)], ids=lambda x: str(x)
)
def test_ids_are_kept_apart_or_set_aside_with_what_hangs_on_them(tmp_path, kind, limit):
    """Below the limit every whole number is itself; at the limit the next one is already written as the same."""
    assert kind(limit + 1) == kind(limit) and kind(limit - 1) != kind(limit)
    ids = pa.array(np.array([limit - 2, limit - 1, limit, limit + 1, float("nan")], kind))
    tables = {name: columns(ALL[name][0], 5, {"episodeID": ids}) for name in ("episode", "tilstand", "takst")}
    con, _ = load(write(tmp_path, ALL, **tables))
    read = [(str(int(limit) - 2),), (str(int(limit) - 1),)]
    assert rows_of(con, 'select "episodeID" from landing.episode order by 1') == read
    assert rows_of(con, "select episode_nr from landing.tilstand") == [(1,), (2,)]
    for table in ("episode", "tilstand", "takst"):
        assert [q[1:4] for q in quarantine(con) if q[0] == table] == [
            (3, "unparsable_required", "episodeID"),
            (4, "unparsable_required", "episodeID"),
            (5, "missing_required", "episodeID"),
        ]


def test_whole_numbers_of_other_types_have_no_such_limit(tmp_path):
    """Integers and decimals are exact at any size."""
    given = 10**18 + 1
    for i, values in enumerate((pa.array([given]), pa.array([given]).cast(pa.decimal128(38, 2)))):
        con, _ = load(write(tmp_path / str(i), ALL, hresept=columns(HRESEPT, 1, {"pasientID": values})))
        assert rows_of(con, 'select "pasientID" from landing.hresept') == [(str(given),)]


def test_floats_beside_times_that_are_read_as_text(tmp_path):
    """Then the rows come another way, which has no type for 16 bits."""
    times = pa.array([2**62], pa.int64()).cast(pa.timestamp("us"))
    for kind, drg, read in ((np.float16, 2047, "2047"), (np.float16, 2048, None), (np.float32, 2048, "2048")):
        floats = {"drg": pa.array(np.array([drg], kind)), "utDatoTid": times}
        con, _ = load(write(tmp_path / f"{kind.__name__}{drg}", episode=columns(EPISODE, 1, floats)))
        assert rows_of(con, 'select drg, "utDatoTid" from landing.episode') == [(read, None)]
