"""What a delivery may look like and still load: every liberty of docs/delivery.md, and what it becomes."""

import datetime as dt
from decimal import Decimal

from tests.deliveries import (
    AKONTO,
    ALL,
    ENHET,
    EPISODE,
    HRESEPT,
    MANIFEST,
    PROSEDYRE,
    TAKST,
    TILSTAND,
    csv_text,
    load,
    quarantine,
    row,
    rows_of,
    write,
)

T = dt.datetime


def test_the_smallest_delivery_loads_and_is_accounted_for(tmp_path):
    con, info = load(write(tmp_path, manifest={**MANIFEST, "produced": "2025-05-20"}))
    assert rows_of(con, "from landing.delivery") == [
        ("2025-T1-1", 2025, 1, 1, dt.date(2025, 1, 1), dt.date(2025, 4, 28), dt.date(2025, 5, 20))
    ]
    assert (info.delivery, info.year, info.tertial, info.delivery_number) == ("2025-T1-1", 2025, 1, 1)
    assert (info.period_to, info.produced) == (dt.date(2025, 4, 28), dt.date(2025, 5, 20))
    account = rows_of(con, "select file, format, rows_in, rows_loaded, rows_quarantined from landing.row_account")
    assert account == [(t, "csv", 1, 1, 0) for t in ("episode", "tilstand", "prosedyre", "helseperson", "enhet")]
    assert [(f.table, f.rows_in, f.rows_loaded) for f in info.files] == [(a[0], 1, 1) for a in account]
    assert not rows_of(con, "from landing.quarantine") and not rows_of(con, "from landing.unparsed")
    assert rows_of(con, "select table_name from duckdb_tables() where schema_name <> 'landing'") == []


def test_all_tables_under_their_own_names_and_types(tmp_path):
    con, _ = load(write(tmp_path, ALL))
    got = con.execute("select * from landing.episode").fetchall()
    names = [d[0] for d in con.description]
    e = dict(zip(names, got[0], strict=True))
    assert names[:3] == ["episode_nr", "episodeID", "pasientID"] and "fault" not in names
    assert (e["episode_nr"], e["innDatoTid"], e["utDatoTid"]) == (1, T(2025, 1, 2, 10), T(2025, 1, 2, 10, 30))
    assert (e["innTidKjent"], e["utTidKjent"], e["komNrHjem"], e["fodselsar"]) == (True, True, 301, 1950)
    assert (e["utskrKlarDato"], e["drg"], e["hdg"], e["npkOppholdISFPoeng"]) == (None, "904A", None, None)
    assert rows_of(con, "from landing.tilstand") == [(1, 1, 1, "I639")]
    assert rows_of(con, "from landing.prosedyre") == [(1, 1, "M", "ZTX00")]
    assert rows_of(con, "from landing.helseperson") == [(1, 1, 1)]
    assert rows_of(con, "from landing.takst") == [(1, "B53")]
    assert rows_of(con, "from landing.enhet") == [("U1", None, None, "900000002", None, 1)]
    assert rows_of(con, "from landing.hresept") == [
        (
            "H1",
            "P1",
            dt.date(2025, 2, 3),
            "L04AB01",
            None,
            "M059",
            None,
            "900000002",
            301,
            None,
            Decimal("1234.5"),
        )
    ]
    assert rows_of(con, "from landing.akonto") == [("900000003", "SOM", "2025-01", Decimal(1_000_000))]
    types = dict(rows_of(con, "select column_name, data_type from duckdb_columns() where table_name = 'episode'"))
    assert (types["episode_nr"], types["innDatoTid"], types["innTidKjent"]) == (
        "BIGINT",
        "TIMESTAMP",
        "BOOLEAN",
    )
    assert (types["komNrHjem"], types["utskrKlarDato"]) == ("INTEGER", "DATE")
    assert types["npkOppholdISFPoeng"] == "DECIMAL(18,3)"


def test_optional_tables_that_are_absent_are_empty_tables(tmp_path):
    con, _ = load(write(tmp_path))
    other, _ = load(write(tmp_path / "all", ALL))
    for table in ("takst", "hresept", "akonto"):
        con.execute(f"select * from landing.{table}")
        absent = [d[0] for d in con.description], con.fetchall()
        other.execute(f"select * from landing.{table}")
        assert absent == ([d[0] for d in other.description], [])
        describe = f"select column_name, data_type from duckdb_columns() where table_name = '{table}'"
        assert rows_of(con, describe) == rows_of(other, describe)


def loaded(tmp_path, base: dict, key: str, changes: list[dict], table: str = "episode"):
    """A delivery in which a table has one row per change, 1, 2, … in its key."""
    rows = [row(base, **{key: str(number), **change}) for number, change in enumerate(changes, 1)]
    return load(write(tmp_path, ALL, **{table: rows}))[0]


def of_each(con, columns: str, table: str = "episode", key: str = '"episodeID"') -> list[tuple]:
    return rows_of(con, f"select {columns} from landing.{table} order by {key}::int")


def unparsed(con, columns: str = "column_name, value") -> list[tuple]:
    return rows_of(con, f"select {columns} from landing.unparsed order by row_key::int, column_name")


def test_times_with_and_without_time_of_day(tmp_path):
    times = {
        "2025-01-02": (T(2025, 1, 2), False),
        "2025-01-02T00:00": (T(2025, 1, 2), True),
        "2025-01-02 23:59": (T(2025, 1, 2, 23, 59), True),
        "2025-01-02T10:11:12": (T(2025, 1, 2, 10, 11, 12), True),
        "2025-01-02 10:11:12": (T(2025, 1, 2, 10, 11, 12), True),
        "  2024-02-29T10:00 ": (T(2024, 2, 29, 10), True),
    }
    con = loaded(tmp_path, EPISODE, "episodeID", [{"innDatoTid": text, "utDatoTid": ""} for text in times])
    columns = '"innDatoTid", "innTidKjent", "utDatoTid", "utTidKjent"'
    assert of_each(con, columns) == [(value, known, None, False) for value, known in times.values()]


BAD_TIMES = [
    "2025-02-29", "2025-13-01", "2025-1-2", "20250102", "02.01.2025", "2025-01-02T24:01", "2025-01-02T10",
    "2025-01-02T10:60", "2025-01-02T10:00:60", "2025-01-02T10:00:00.", "2025-01-02T10:00.5", "2025-01-02T10:00Z",
    "2025-01-02T24:00:00.5", "2025-02-29T24:00", "2025-02-29T10:00:00.7", "9999-12-31T23:59:59.5",
    "2025-01-02T10:00:00.5.5",
    "2025-01-02  10:00",
    "2025-01-02T10:00+01:00", "2025-01-02t10:00", "0000-01-02", "12025-01-02", "infinity", "today",
    "\u0662025-01-02",
]  # fmt: skip


def test_what_is_no_time_counts_as_missing_where_it_may_be_missing(tmp_path):
    con = loaded(tmp_path, EPISODE, "episodeID", [{"utDatoTid": text} for text in BAD_TIMES])
    assert of_each(con, '"utDatoTid", "utTidKjent"') == [(None, False)] * len(BAD_TIMES)
    assert unparsed(con, "file, line, column_name, value, row_key") == [
        ("episode", number + 1, "utDatoTid", text, str(number)) for number, text in enumerate(BAD_TIMES, 1)
    ]


def test_fractions_of_a_second_are_rounded_half_up(tmp_path):
    times = {
        "2025-01-02T09:59:59.999999": T(2025, 1, 2, 10),
        "2025-01-02 10:11:12,0": T(2025, 1, 2, 10, 11, 12),
        "2025-01-02T10:11:12.4999999999": T(2025, 1, 2, 10, 11, 12),
        "2025-01-02T10:11:12.5": T(2025, 1, 2, 10, 11, 13),
        "2025-12-31T23:59:59.500": T(2026, 1, 1),
        "2024-02-28 23:59:59.9": T(2024, 2, 29),
    }
    starts = [{"innDatoTid": text, "utDatoTid": ""} for text in times]
    ends = [{"innDatoTid": "2024-01-01", "utDatoTid": text} for text in times]
    con = loaded(tmp_path, EPISODE, "episodeID", starts + ends)
    columns = '"innDatoTid", "innTidKjent", "utDatoTid", "utTidKjent", "utKl24"'
    assert of_each(con, columns) == [(value, True, None, False, False) for value in times.values()] + [
        (T(2024, 1, 1), False, value, True, False) for value in times.values()
    ]


def test_an_end_may_be_the_midnight_that_ends_its_date_a_start_may_not(tmp_path):
    texts = ["2025-01-02" + text for text in ("T24:00", " 24:00:00", "T24:00:00.000", "T24:00:00,0")]
    con = loaded(tmp_path, EPISODE, "episodeID", [{"utDatoTid": text} for text in texts])
    assert of_each(con, '"utDatoTid", "utTidKjent", "utKl24"') == [(T(2025, 1, 2), True, True)] * len(texts)
    starts = [{"innDatoTid": text, "utDatoTid": ""} for text in texts]
    con = loaded(tmp_path / "b", EPISODE, "episodeID", starts)
    assert [fault for fault in quarantine(con) if fault[0] == "episode"] == [
        ("episode", line, "unparsable_required", "innDatoTid", text) for line, text in enumerate(texts, 2)
    ]


def test_a_date_may_have_a_time_of_zeros_behind_it(tmp_path):
    texts = ["2025-03-05" + text for text in (" 00:00", "T00:00:00", " 00:00:00.000", "T00:00:00,0")]
    con = loaded(tmp_path, EPISODE, "episodeID", [{"utskrKlarDato": text} for text in texts])
    assert of_each(con, '"utskrKlarDato"') == [(dt.date(2025, 3, 5),)] * len(texts)
    lines = [{"utleveringsdato": text} for text in texts]
    con = loaded(tmp_path / "b", HRESEPT, "utleveringID", lines, "hresept")
    assert of_each(con, "utleveringsdato", "hresept", '"utleveringID"') == [(dt.date(2025, 3, 5),)] * len(texts)


def test_dates_have_no_other_time_of_day(tmp_path):
    texts = [
        "2025-02-30", "2025-03-01T00:01", "2025-03-01 00:00:00.001", "2025-03-01T24:00", "2025-02-30 00:00",
        "01.03.2025", "2025-3-1", "x",
    ]  # fmt: skip
    con = loaded(tmp_path, EPISODE, "episodeID", [{"utskrKlarDato": text} for text in [*texts, " 2025-03-01"]])
    assert of_each(con, '"utskrKlarDato"') == [(None,)] * len(texts) + [(dt.date(2025, 3, 1),)]
    assert unparsed(con) == [("utskrKlarDato", text) for text in texts]


def test_whole_numbers(tmp_path):
    numbers = {
        "01": 1, "+1": 1, "-1": -1, "0301": 301, "\u00a07\t": 7, "0" * 30 + "5": 5, "9" * 18: 10**18 - 1, "1.0": 1,
        "301,00": 301, "-7.000000": -7,
    }  # fmt: skip
    con = loaded(tmp_path, EPISODE, "episodeID", [{"debitor": text} for text in numbers])
    assert of_each(con, "debitor") == [(value,) for value in numbers.values()]
    assert unparsed(con) == []


def test_what_is_no_whole_number_counts_as_missing(tmp_path):
    texts = [
        "1.5", "1.", ".0", "1.0.0", "1.00001", "1e3", "0x1", "1_000", "1 000", "A", "-", "+", "9" * 19, "\u0661",
        "true",
    ]  # fmt: skip
    con = loaded(tmp_path, EPISODE, "episodeID", [{"debitor": text, "komNrHjem": text} for text in texts])
    assert of_each(con, 'debitor, "komNrHjem"') == [(None, None)] * len(texts)
    assert unparsed(con) == [(column, text) for text in texts for column in ("debitor", "komNrHjem")]


def test_amounts_with_point_or_comma(tmp_path):
    amounts = {
        "1,5": "1.5", "1.5": "1.5", "-0,25": "-0.25", "+7": "7", "999999999999.123456": "999999999999.123456",
    }  # fmt: skip
    advances = [row(AKONTO, belop=text) for text in amounts]
    lines = [row(HRESEPT, utleveringID=str(number), belop=text) for number, text in enumerate(amounts, 1)]
    points = [{**EPISODE, "npkOppholdISFPoeng": "0,0585"}]
    con, _ = load(write(tmp_path, ALL, hresept=lines, akonto=advances, episode=points))
    expected = [(Decimal(value),) for value in amounts.values()]
    assert of_each(con, "belop", "hresept", '"utleveringID"') == expected
    assert sorted(rows_of(con, "select belop from landing.akonto")) == sorted(expected)
    assert rows_of(con, 'select "npkOppholdISFPoeng" from landing.episode') == [(Decimal("0.059"),)]


def test_what_is_no_amount(tmp_path):
    texts = ["1.000,50", "1 000", "1,", ",5", "1e3", "kr 5", "NaN", "1" * 13, "9999999999999999.99"]
    advances = [row(AKONTO, belop=text) for text in texts]
    lines = [row(HRESEPT, utleveringID=str(number), belop=text) for number, text in enumerate(texts, 1)]
    con, _ = load(write(tmp_path, ALL, hresept=lines, akonto=advances))
    assert of_each(con, "belop", "hresept", '"utleveringID"') == [(None,)] * len(texts)
    assert unparsed(con, "file, line, column_name, value, row_key") == [
        ("hresept", number + 1, "belop", text, str(number)) for number, text in enumerate(texts, 1)
    ]
    assert quarantine(con) == [
        ("akonto", line, "unparsable_required", "belop", text) for line, text in enumerate(texts, 2)
    ]


def test_codes_are_upper_case_and_icd10_loses_its_dots(tmp_path):
    tables = {
        **ALL,
        "episode": [{**EPISODE, "drg": "   14a", "npkOppholdDRG": " 980d "}],
        "tilstand": [row(TILSTAND, kode="i63.9")],
        "prosedyre": [row(PROSEDYRE, kode="wwaa00")],
        "takst": [row(TAKST, takst="b53")],
        "hresept": [row(HRESEPT, atc="l04ab01", refusjonsKodeResept="m05.9", refusjonsKodeUtlevering=".")],
    }
    con, _ = load(write(tmp_path, tables))
    assert rows_of(con, 'select drg, "npkOppholdDRG" from landing.episode') == [("14A", "980D")]
    assert rows_of(con, "select kode from landing.tilstand") == [("I639",)]
    assert rows_of(con, "select kode from landing.prosedyre") == [("WWAA00",)]
    assert rows_of(con, "select takst from landing.takst") == [("B53",)]
    assert rows_of(con, 'select atc, "refusjonsKodeResept", "refusjonsKodeUtlevering" from landing.hresept') == [
        ("L04AB01", "M059", None)
    ]


def test_ids_keep_their_case_and_dots_and_meet_after_trimming(tmp_path):
    tables = {
        "episode": [row(EPISODE, episodeID="  e.1Æ\u00a0", pasientID=" p.1", avdeling="\tu1")],
        "tilstand": [row(TILSTAND, episodeID="\u3000e.1Æ")],
        "enhet": [row(ENHET, enhetID="u1 ")],
    }
    con, _ = load(
        write(
            tmp_path,
            prosedyre=csv_text([PROSEDYRE]).split("\n")[0],
            **tables,
            helseperson="episodeID;nr;polUtforende",
        )
    )
    assert rows_of(con, 'select "episodeID", "pasientID", avdeling from landing.episode') == [("e.1Æ", "p.1", "u1")]
    assert rows_of(con, "select episode_nr from landing.tilstand") == [(1,)]
    assert rows_of(con, 'select "enhetID" from landing.enhet') == [("u1",)]
    assert quarantine(con) == []


def test_a_header_without_rows_is_an_empty_table(tmp_path):
    heads = {t: csv_text(rows).split("\n")[0] for t, rows in ALL.items()}
    con, info = load(write(tmp_path, heads))
    assert [f.rows_in for f in info.files] == [0] * 8
    assert {r[0] for r in rows_of(con, "select share_quarantined from landing.row_account")} == {Decimal(0)}


def test_unknown_columns_and_files_are_kept_out_and_reported(tmp_path):
    folder = write(
        tmp_path,
        enhet=[{**ENHET, "Navn": "x", "": "y", "farge": "z"}],
        tilstand="episodeID;tilstNr;kodeNr;kode;;\n",
    )
    (folder / "notat.txt").write_text("x")
    (folder / ".DS_Store").write_text("x")
    (folder / "Episode.csv").write_text("x")
    con, info = load(folder)
    expected = [("tilstand", ""), ("tilstand", ""), ("enhet", "Navn"), ("enhet", ""), ("enhet", "farge")]
    assert rows_of(con, "from landing.unknown_column") == expected == list(info.unknown_columns)
    assert rows_of(con, "from landing.unknown_file") == [("Episode.csv",), ("notat.txt",)]
    assert info.unknown_files == ("Episode.csv", "notat.txt")
    assert rows_of(con, "select navn from landing.enhet") == [(None,)]


def test_a_produced_date_that_cannot_be_read_is_a_finding(tmp_path):
    con, info = load(write(tmp_path, manifest={**MANIFEST, "produced": "20. mai"}))
    assert info.produced is None
    assert rows_of(con, "from landing.unparsed") == [("leveranse.json", 1, "produced", "20. mai", None)]


def test_files_of_the_manifest_may_be_named_by_table_or_file_and_agree(tmp_path):
    folder = write(tmp_path)
    _, info = load(folder)
    sums = {f.table: f.sha256 for f in info.files}
    files = {
        "episode": {"rows": 1, "sha256": sums["episode"].upper()},
        "tilstand.csv": {"rows": 1.0},
        "enhet.csv": {},
        "enhet": {"sha256": sums["enhet"]},
    }
    con, _ = load(write(tmp_path, manifest={**MANIFEST, "files": files, "annet": [1]}))
    assert dict(rows_of(con, "select file, sha256 from landing.row_account")) == sums


def test_a_second_load_replaces_the_first(tmp_path):
    con, _ = load(write(tmp_path))
    load(write(tmp_path, episode=[row(EPISODE, sektor="X")]), con)
    assert rows_of(con, "select count(*) from landing.episode") == [(0,)]
    assert rows_of(con, "select count(*) from landing.delivery") == [(1,)]


def test_progress_tells_files_and_counts_only(tmp_path):
    import duckdb

    from pipelines.delivery.load import load_delivery
    from tests.deliveries import inspected

    told = []
    load_delivery(inspected(write(tmp_path)), duckdb.connect(), told.append)
    assert told[0] == "episode.csv: 1 rows read" and len(told) == 5
