"""Which rows are quarantined, for which reason, and what stands in the quarantine."""

import json

import pyarrow as pa
import pytest

from tests.deliveries import (
    AKONTO,
    ALL,
    ENHET,
    EPISODE,
    HELSEPERSON,
    HRESEPT,
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

FULL = {
    "episode": EPISODE, "tilstand": TILSTAND, "prosedyre": PROSEDYRE, "helseperson": HELSEPERSON,
    "takst": TAKST, "enhet": ENHET, "hresept": HRESEPT, "akonto": AKONTO,
}  # fmt: skip
REQUIRED = {
    "episode": "episodeID pasientID sektor institusjonID hf avdeling episodetype innDatoTid",
    "tilstand": "episodeID tilstNr kodeNr kode",
    "prosedyre": "episodeID prosNr kodeverk kode",
    "helseperson": "episodeID nr polUtforende",
    "takst": "episodeID takst",
    "enhet": "enhetID hf",
    "hresept": "utleveringID pasientID utleveringsdato",
    "akonto": "rhf sektor maned belop",
}
BAD_VALUES = {
    ("episode", "sektor"): ("value_not_listed", ["som", "PHVTSB", "SO M", "Ø"]),
    ("episode", "episodetype"): ("value_not_listed", ["a", "AK", "1"]),
    ("episode", "innDatoTid"): ("unparsable_required", ["2025-02-30", "2025-01-02T25:00", "2025-01-02T24:00", "x"]),
    ("tilstand", "tilstNr"): ("unparsable_required", ["x", "1.5", "9223372036854775808", "1" + "0" * 400]),
    ("tilstand", "kodeNr"): ("value_not_listed", ["0", "3", "-1"]),
    ("prosedyre", "prosNr"): ("unparsable_required", ["x"]),
    ("prosedyre", "kodeverk"): ("value_not_listed", ["D", "m", "NCSP"]),
    ("helseperson", "nr"): ("unparsable_required", ["en"]),
    ("helseperson", "polUtforende"): ("unparsable_required", ["lege", "1,5"]),
    ("hresept", "utleveringsdato"): ("unparsable_required", ["2025-02-30", "2025-02-03T10:00"]),
    ("akonto", "sektor"): ("value_not_listed", ["VOP", "som"]),
    ("akonto", "maned"): ("unparsable_required", ["2025-13", "2025-1", "2025-00", "januar", "2025-01-01"]),
    ("akonto", "belop"): ("unparsable_required", ["x"]),
}


IDS = {"episode": "episodeID", "enhet": "enhetID", "hresept": "utleveringID"}


def load_each(tmp_path, table: str, changes: list[dict]):
    """A delivery in which a table has a sound row and then one per change, with ids of their own."""
    rows = []
    for number, change in enumerate([{}, *changes]):
        own = {IDS[table]: f"other{number}"} if table in IDS and IDS[table] not in change else {}
        rows.append(row(FULL[table], **{**own, **change}))
    return load(write(tmp_path, ALL, **{table: rows}))[0]


@pytest.mark.parametrize("table", REQUIRED)
def test_a_missing_required_value(tmp_path, table):
    empty = [(column, text) for column in REQUIRED[table].split() for text in ("", " \u00a0")]
    con = load_each(tmp_path, table, [{column: text} for column, text in empty])
    mine = [q for q in quarantine(con) if q[0] == table and q[2] not in ("parent_absent", "parent_quarantined")]
    assert mine == [
        (table, line, "missing_required", column, text or None) for line, (column, text) in enumerate(empty, 3)
    ]


@pytest.mark.parametrize("table, column", BAD_VALUES)
def test_a_required_value_that_cannot_be(tmp_path, table, column):
    reason, values = BAD_VALUES[table, column]
    con = load_each(tmp_path, table, [{column: value} for value in values])
    mine = [q for q in quarantine(con) if q[0] == table and q[2] not in ("parent_absent", "parent_quarantined")]
    assert mine == [(table, line, reason, column, value) for line, value in enumerate(values, 3)]
    assert rows_of(con, f"select count(*) from landing.{table}") == [(1,)]


@pytest.mark.parametrize("value", ["SOM", " SOM ", "VOP", "BUP", "TSB"])
def test_listed_values_are_accepted_after_trimming(tmp_path, value):
    con, _ = load(write(tmp_path, episode=[row(EPISODE, sektor=value)]))
    assert rows_of(con, "select sektor from landing.episode") == [(value.strip(),)]


def test_kode_nr_is_a_whole_number(tmp_path):
    con, _ = load(write(tmp_path, tilstand=[row(TILSTAND, kodeNr=k) for k in ("01", "2,0", "3", "x")]))
    assert rows_of(con, 'select "kodeNr" from landing.tilstand') == [(1,), (2,)]
    assert [q[1:4] for q in quarantine(con)] == [
        (4, "value_not_listed", "kodeNr"), (5, "unparsable_required", "kodeNr"),
    ]  # fmt: skip


HOURS = [
    ("2025-10-26", "T02:40", "T02:10", True),
    ("2025-10-26", "T03:00", "T02:00", True),
    ("2025-10-26", "T03:00:01", "T02:00", False),
    ("2025-10-26", "T03:00", "T01:59:59", False),
    ("2025-10-26", "T03:00:00.4", "T01:59:59.5", True),
    ("2025-10-26", "T10:40", "T10:10", False),
    ("2025-10-26", "T02:40", "", True),
    ("2025-10-19", "T02:40", "T02:10", False),
    ("2025-11-30", "T02:40", "T02:10", False),
    ("2025-10-25", "T02:40", "T02:10", False),
    ("2026-10-25", "T02:40", "T02:10", True),
    ("2027-10-31", "T02:40", "T02:10", True),
    ("2027-10-24", "T02:40", "T02:10", False),
    ("2025-03-30", "T02:40", "T02:10", False),
    ("2025-01-02", "T23:00", "T24:00", True),
    ("2025-01-02", "T23:00", "T00:00", False),
    ("2025-01-02", "", "T24:00", True),
]


def test_an_end_before_its_start_is_accepted_only_where_an_hour_occurs_twice(tmp_path):
    rows = [
        row(EPISODE, episodeID=str(number), innDatoTid=day + start, utDatoTid=day + end)
        for number, (day, start, end, _) in enumerate(HOURS, 2)
    ]
    con, _ = load(write(tmp_path, episode=rows))
    accepted = [(str(number),) for number, hour in enumerate(HOURS, 2) if hour[3]]
    assert rows_of(con, 'select "episodeID" from landing.episode order by "episodeID"::int') == accepted
    assert [q[1:] for q in quarantine(con) if q[0] == "episode"] == [
        (line, "ends_before_start", "utDatoTid", day + end)
        for line, (day, _, end, is_accepted) in enumerate(HOURS, 2)
        if not is_accepted
    ]


def test_an_unreadable_value_is_told_of_the_row_it_stands_in(tmp_path):
    rows = [row(EPISODE, episodeID=e) | {"merknad": "x"} for e in ("E1", " E2", "E3", "E4")]
    rows[0]["merknad"], rows[1]["komNrHjem"], rows[3]["komNrHjem"] = "to\nlinjer\r\nog en", "03x01", "y"
    text = csv_text(rows, eol="\r\n").replace("E3;", "\r\nE3;", 1)
    assert "\r\n\r\nE3" in text, "a blank line"
    con, _ = load(write(tmp_path, episode=text))
    assert rows_of(con, "select line, value, row_key from landing.unparsed") == [(5, "03x01", "E2"), (8, "y", "E4")]


@pytest.mark.parametrize("table, key", [("episode", "episodeID"), ("enhet", "enhetID"), ("hresept", "utleveringID")])
def test_all_rows_of_an_id_that_occurs_twice(tmp_path, table, key):
    rows = [row(FULL[table], **{key: i}) for i in ("A", " B", "a", "B ", "C", "B")]
    con, _ = load(write(tmp_path, ALL, **{table: rows}))
    assert [q for q in quarantine(con) if q[0] == table] == [
        (table, line, "duplicate_id", key, value) for line, value in ((3, " B"), (5, "B "), (7, "B"))
    ]
    assert rows_of(con, f'select "{key}" from landing.{table} order by 1') == [("A",), ("C",), ("a",)]


def test_a_faulty_row_makes_its_twin_a_duplicate_but_a_ragged_one_does_not(tmp_path):
    text = csv_text([ENHET, row(ENHET, hf=""), row(ENHET, enhetID="U2")]) + "U2;9\n"
    con, _ = load(write(tmp_path, enhet=text))
    assert quarantine(con) == [
        ("enhet", 2, "duplicate_id", "enhetID", "U1"),
        ("enhet", 3, "missing_required", "hf", None),
        ("enhet", 5, "wrong_field_count", None, "2 fields, the header has 3"),
    ]
    assert rows_of(con, "select further from landing.quarantine where line = 3") == [("duplicate_id enhetID",)]


def test_missing_ids_are_not_duplicates_of_each_other(tmp_path):
    con, _ = load(write(tmp_path, enhet=[row(ENHET, enhetID=""), row(ENHET, enhetID=" ")]))
    assert [q[2] for q in quarantine(con)] == ["missing_required", "missing_required"]
    assert rows_of(con, "select distinct further from landing.quarantine") == [(None,)]


ENDS = [
    ("2025-01-02", "2025-01-01", True),
    ("2025-01-02T00:00", "2025-01-01T23:59", True),
    ("2025-01-02T10:00", "2025-01-02T09:59:59", True),
    ("2025-01-02T10:00", "2025-01-02T10:00", False),
    ("2025-01-02T10:00", "2025-01-02", False),
    ("2025-01-02", "2025-01-02T00:00", False),
    ("2025-01-02", "2025-01-02", False),
    ("2025-01-02T10:00", "2025-01-01", True),
    ("2025-01-02", "2025-01-01T23:59", True),
    ("2025-01-02", "", False),
    ("2025-01-02", "x", False),
]


def test_end_before_start_by_dates_and_by_known_times(tmp_path):
    rows = [
        row(EPISODE, episodeID=str(number), innDatoTid=start, utDatoTid=end)
        for number, (start, end, _) in enumerate(ENDS)
    ]
    con, _ = load(write(tmp_path, episode=rows))
    assert [q for q in quarantine(con) if q[0] == "episode"] == [
        ("episode", line, "ends_before_start", "utDatoTid", end) for line, (_, end, bad) in enumerate(ENDS, 2) if bad
    ]


def test_rows_with_another_number_of_fields_are_kept_as_text(tmp_path):
    text = csv_text([TILSTAND]) + 'E1;2;1\nE1;2;1;"A ""x""\nB";5\n;\n\nE1;3;1;I10\n'
    con, _ = load(write(tmp_path, tilstand=text))
    assert quarantine(con) == [
        ("tilstand", 3, "wrong_field_count", None, "3 fields, the header has 4"),
        ("tilstand", 4, "wrong_field_count", None, "5 fields, the header has 4"),
        ("tilstand", 6, "wrong_field_count", None, "2 fields, the header has 4"),
    ]
    content = [json.loads(r[0]) for r in rows_of(con, "select row_content from landing.quarantine order by line")]
    assert content == ["E1;2;1", 'E1;2;1;"A ""x""\nB";5', ";"]
    assert rows_of(con, 'select "tilstNr" from landing.tilstand order by 1') == [(1,), (3,)]


def test_every_row_may_be_ragged(tmp_path):
    con, info = load(write(tmp_path, tilstand="episodeID;tilstNr;kodeNr;kode\nE1;1;1;I10;\nE1;2;1;I11;\n"))
    assert [q[2] for q in quarantine(con)] == ["wrong_field_count"] * 2
    assert info.files[1].rows_in == 2 and info.files[1].rows_loaded == 0


def test_children_follow_their_episode(tmp_path):
    episodes = [
        EPISODE,
        row(EPISODE, episodeID="E2", hf=""),
        row(EPISODE, episodeID="E3"),
        row(EPISODE, episodeID="E3"),
    ]
    text = csv_text(episodes) + "E4;P1\n"
    children = {
        table: [row(FULL[table], episodeID=e) for e in ("E1", "E2", " E3", "E4", "E5", "e1")]
        for table in ("tilstand", "prosedyre", "helseperson", "takst")
    }
    con, _ = load(write(tmp_path, episode=text, **children))
    for table in children:
        assert [q for q in quarantine(con) if q[0] == table] == [
            (table, 3, "parent_quarantined", "episodeID", "E2"),
            (table, 4, "parent_quarantined", "episodeID", " E3"),
            (table, 5, "parent_absent", "episodeID", "E4"),
            (table, 6, "parent_absent", "episodeID", "E5"),
            (table, 7, "parent_absent", "episodeID", "e1"),
        ]
        assert rows_of(con, f"select episode_nr from landing.{table}") == [(1,)]


def test_a_child_with_a_fault_of_its_own_is_filed_under_it(tmp_path):
    rows = [row(TILSTAND, episodeID="nobody", kodeNr="7", tilstNr="x", kode="")]
    con, _ = load(write(tmp_path, tilstand=rows))
    assert quarantine(con) == [("tilstand", 2, "missing_required", "kode", None)]
    assert rows_of(con, "select further from landing.quarantine") == [
        ("unparsable_required tilstNr,value_not_listed kodeNr,parent_absent episodeID",)
    ]


def test_a_unit_that_is_absent_or_quarantined_quarantines_nothing(tmp_path):
    con, _ = load(
        write(tmp_path, enhet=[row(ENHET, hf="")], episode=[EPISODE, row(EPISODE, episodeID="E2", avdeling="?")])
    )
    assert [q[0] for q in quarantine(con)] == ["enhet"]
    assert rows_of(con, "select count(*) from landing.episode") == [(2,)]


def test_the_first_of_several_faults_is_the_reason(tmp_path):
    bad = row(EPISODE, sektor="?", innDatoTid="x", hf="", episodetype="Z", debitor="x")
    con, _ = load(write(tmp_path, episode=[bad, row(bad, hf="1"), row(bad, hf="1", innDatoTid="2025-01-01")]))
    assert [q[2:4] for q in quarantine(con) if q[0] == "episode"] == [
        ("missing_required", "hf"), ("unparsable_required", "innDatoTid"), ("value_not_listed", "sektor"),
    ]  # fmt: skip
    assert rows_of(con, "select count(*) from landing.unparsed") == [(0,)], "the row is not used at all"


def test_the_row_is_kept_whole_and_as_it_came(tmp_path):
    bad = {**row(EPISODE, sektor=" X ", drg="  14a", debitor="x"), "farge": 'rød; "A"\n'}
    con, _ = load(write(tmp_path, episode=[bad]))
    ((content,),) = rows_of(con, "select row_content from landing.quarantine where file = 'episode'")
    assert json.loads(content) == {k: v or None for k, v in bad.items()}
    assert quarantine(con)[0] == ("episode", 2, "value_not_listed", "sektor", " X ")


def test_unparsed_values_name_line_column_and_value(tmp_path):
    rows = [
        EPISODE,
        row(EPISODE, episodeID="E2", debitor="x", fodselsar="y"),
        row(EPISODE, episodeID="E3", kjonn="1"),
    ]
    rows[2]["debitor"] = "?"
    text = csv_text([{**r, "kjonn": r.get("kjonn", "k")} for r in rows])
    con, _ = load(write(tmp_path, episode=text))
    assert rows_of(con, "from landing.unparsed") == [
        ("episode", 2, "kjonn", "k", "E1"),
        ("episode", 3, "debitor", "x", "E2"),
        ("episode", 3, "fodselsar", "y", "E2"),
        ("episode", 3, "kjonn", "k", "E2"),
        ("episode", 4, "debitor", "?", "E3"),
    ]
    assert rows_of(con, "from landing.value_account") == [
        ("episode", "debitor", 3, 2), ("episode", "fodselsar", 3, 1), ("episode", "kjonn", 3, 2),
    ]  # fmt: skip
    assert rows_of(con, "select count(*) from landing.quarantine") == [(0,)]


def test_shares_are_given_per_file(tmp_path):
    rows = [row(TILSTAND, episodeID=e) for e in ("E1", "E1", "E9")]
    con, _ = load(write(tmp_path, tilstand=rows))
    columns = "rows_in, rows_loaded, rows_quarantined, share_quarantined::varchar"
    account = rows_of(con, f"select {columns} from landing.row_account where file = 'tilstand'")
    assert account == [(3, 2, 1, "0.333333")]


def ids(con):
    return rows_of(con, "select file, row_id, patient_id from landing.quarantine order by file, line")


def test_a_quarantined_row_has_the_ids_that_it_is_found_by(tmp_path):
    good, bad = row(EPISODE, episodeID="G"), row(EPISODE, episodeID=" B ", pasientID=" P ", sektor="?")
    last = ["sektor", *[name for name in EPISODE if name not in ("sektor", "pasientID", "episodeID")]]
    text = csv_text([good, bad, row(EPISODE, episodeID='"L"')], [*last, "pasientID", "episodeID"])
    con, _ = load(
        write(
            tmp_path,
            episode=f"{text.rstrip()};\n",
            tilstand=[row(TILSTAND, episodeID="B")],
            prosedyre=[row(PROSEDYRE, episodeID="G")],
            helseperson=[row(HELSEPERSON, episodeID="G")],
            akonto=[row(AKONTO, belop="x")],
        )
    )
    assert ids(con) == [("akonto", None, None), ("episode", "B", "P"), ("episode", "L", "P1"), ("tilstand", "B", None)]


def test_ids_of_a_quarantined_row_are_as_the_others_are_read(tmp_path):
    numbers = {"episodeID": pa.array([7.0]), "pasientID": pa.array([12])}
    episode = pa.table({name: numbers.get(name, pa.array([text])) for name, text in row(EPISODE, sektor="?").items()})
    con, _ = load(write(tmp_path, episode=episode, tilstand=[row(TILSTAND, episodeID="7")]))
    assert ids(con)[:1] == [("episode", "7", "12")] and ("tilstand", "7", None) in ids(con)
