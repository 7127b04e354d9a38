"""The history of findings over three deliveries, and answers to measures: what is new, fixed, back again, explained."""

from __future__ import annotations

import contextlib
import csv
from pathlib import Path

import duckdb
import openpyxl
import pytest

from pipelines.engine import home as homes
from pipelines.engine.models import run
from pipelines.quality import answer_store, answers, command, judge, measure, overview, pack, pack_code, page, sheets
from tests.deliveries import Rows
from tests.unit.quality_delivery import FIRST, settled

LAST, THIS = "2025-T1-2", "2025-T2-1"
MISSING = {"residence": {"komNrHjem": ""}, "debitor": {"debitor": ""}, "year": {"fodselsar": ""}}
# Which of the first hospital's episodes lack what, per delivery.
HISTORY = {
    "2025-T1-1": {"A-back": "residence", "A-stays": "debitor", "A-mended": "year"},
    LAST: {"A-stays": "debitor", "A-mended": "year"},
    THIS: {"A-back": "residence", "A-stays": "debitor", "A-new": "residence", "A-later": "residence"},
}


def rows_of(faults: dict[str, str]) -> Rows:
    rows = Rows(FIRST)
    rows.unit(f"U{FIRST}", FIRST)
    for name in ("A-back", "A-stays", "A-mended", "A-new", *(f"A-good-{number}" for number in range(20))):
        rows.episode(name, pasientID=f"P{name}", procedures=("WPBA00",), **MISSING.get(faults.get(name, ""), {}))
    rows.line("A-line")
    if "A-later" in faults:
        rows.episode(
            "A-later", innDatoTid="2025-06-03T10:00", utDatoTid="2025-06-03T11:00", **MISSING[faults["A-later"]]
        )
    return rows


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    parent = tmp_path_factory.mktemp("history")
    for name, faults in HISTORY.items():
        found = settled(parent, rows_of(faults), name=name)
    for name in HISTORY:
        measure.measure(found, name, threads=1)
    # The delivery holds an institution's episodes in all months but April, as if an extract were lost.
    with contextlib.closing(duckdb.connect(str(homes.quality(found, THIS)))) as con:
        con.execute(f"""insert into part_week select 'episode', 'SOM', '{FIRST}', 'LOST', '2025-0' || m,
            make_date(2025, m, 6), 40, 30 from range(1, 9) as months(m) where m <> 4
            union all select 'episode', 'SOM', '{FIRST}', 'OPEN', '2025-0' || m, make_date(2025, m, 6), 40, 30
            from range(1, 9) as months(m)""")
    return found


@pytest.fixture
def judged(home):
    with judge.judged(home, THIS, threads=1) as con:
        yield con


def own_pack(con: duckdb.DuckDBPyConnection, home: Path) -> pack.Pack:
    return pack.build(con, FIRST, judge.development(home, THIS), pack_code.key(home))


def test_new_is_new_in_the_months_that_both_deliveries_hold(judged):
    found = dict(judged.execute("select row_key, history from counted_row").fetchall())
    assert found == {"A-back": "reappeared", "A-stays": "still", "A-new": "new", "A-later": "new_month"}


def test_a_check_whose_rows_are_all_fixed_stays_on_the_page_as_fixed(judged, home):
    assert judged.execute("select row_key, check_id from fixed_row").fetchall() == [("A-mended", "birth_year_missing")]
    own = own_pack(judged, home)
    (mended,) = [finding for finding in own.findings if finding.check.id == "birth_year_missing"]
    assert (mended.result["numerator"], mended.result["fixed_rows"], mended.status) == (0, 1, "pass")
    text = page.build(own, "1")
    line = text[text.index('<a href="#rettet">Fødselsår mangler') :].split("</tr>")[0]
    assert "Rettet" in line and "A-mended" in text[text.index('id="rettet"') :]
    (national,) = judged.execute(
        "select failing, fixed_rows from check_result where check_id = 'birth_year_missing'"
    ).fetchall()
    assert national == (0, 1)


def fixed_after(con: duckdb.DuckDBPyConnection, change: str) -> list[tuple]:
    con.execute(change)
    run(judge.STAGE, con, only=["fixed_row"])
    return con.execute("select row_key, points_at_stake, nok_at_stake from fixed_row").fetchall()


def test_a_check_that_did_not_run_has_fixed_nothing(judged):
    failed = "create or replace view check_error as select 'birth_year_missing' as check_id, 'Error' as message"
    assert fixed_after(judged, failed) == []


def test_a_row_that_was_confirmed_was_not_corrected(judged):
    judged.execute("update check_setting set tier = 'plausibility' where check_id = 'birth_year_missing'")
    answer = """insert into given_answer by name select check_id, row_type, row_key, hf_orgnr, {value} as value,
        'confirmed' as answer, -1 as position from earlier_row where row_key = 'A-mended' and back = 1"""
    assert len(fixed_after(judged, answer.format(value="'another'"))) == 1
    assert fixed_after(judged, answer.format(value="value")) == []


def test_points_of_another_rule_set_are_no_kroner(judged, home):
    ((key, points, nok),) = fixed_after(judged, "update earlier_row set points_at_stake = 2 where row_key = 'A-mended'")
    (price,) = judged.execute("select nok_per_point from nok_per_point where sector = 'SOM'").fetchone()
    assert (points, nok) == (2, 2 * price)
    assert fixed_after(judged, "update earlier_delivery set ruleset = 'another' where which = 'delivery'") == [
        (key, points, None)
    ]
    text = page.build(own_pack(judged, home), "1")
    assert "har et annet regelsett, så poengene da blir ikke til kroner nå" in text and "A-mended" in text


def test_rows_of_a_check_that_failed_on_the_last_delivery_are_no_news(home):
    with contextlib.closing(duckdb.connect(str(homes.quality(home, LAST)))) as con:
        con.execute("insert into check_error values ('municipality_missing', 'Error')")
    with judge.judged(home, THIS, threads=1) as con:
        found = dict(con.execute("select row_key, history from counted_row").fetchall())
        counted = con.execute("select check_id, new_rows, fixed_rows from check_result order by 1").fetchall()
        text = overview.build(con, judge.development(home, THIS), "1")
    with contextlib.closing(duckdb.connect(str(homes.quality(home, LAST)))) as con:
        con.execute("delete from check_error")
    assert found == {"A-back": None, "A-stays": "still", "A-new": None, "A-later": None}
    # Unknown is no nought.
    assert counted == [("birth_year_missing", 0, 1), ("debitor_missing", 0, 0), ("municipality_missing", None, None)]
    line = text[text.index('<tr><th scope="row">Bostedskommune mangler') :].split("</tr>")[0]
    assert line.count('<td class="n">–</td>') == 4


def test_what_was_at_stake_is_told_without_the_rows_of_earlier_deliveries(home):
    with judge.opened(home, THIS, history=False) as con:
        assert con.execute("select count(*) from earlier_row").fetchone() == (0,)
    with judge.judged(home, THIS, threads=1) as con:
        assert con.execute("select count(*), max(back) from earlier_row").fetchone() == (5, 2)
        expected = con.execute("select nok_lost, nok_over, failing_rows from hospital_result").fetchall()
    assert [
        (row["nok_lost"], row["nok_over"], row["failing_rows"])
        for row in judge.development(home, THIS)
        if row["delivery"] == THIS
    ] == expected


def test_a_delivery_of_more_months_is_not_dearer_for_that(judged, home):
    own = own_pack(judged, home)
    assert [entry["months"] for entry in own.earlier] == [4, 4, 8]
    before, now = own.earlier[-2:]
    assert page.per_month(now, "nok_lost") == now["nok_lost"] / 8
    assert "promille av refusjonen, mot" in page.change(own) and LAST in page.change(own)
    assert page.per_mille(now) == 1000 * (now["nok_lost"] + now["nok_over"]) / now["refund_nok"]
    # Under another rule set kroner are other kroner.
    before["ruleset"] = "2025-draft"
    assert "2025-draft" in page.change(own) and "ikke sammenligne" in page.change(own)
    assert "2025-draft" in page.build(own, "1")


def lost(own: pack.Pack) -> dict:
    (row,) = [row for row in own.missing if row["institution_id"] == "LOST"]
    return row


def file_of(own: pack.Pack, path: Path, answer: str, comment: str = "") -> Path:
    """The pack's CSV with the answer in the line of the lost month."""
    sheets.write_csv(own, path)
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter=";"))
    for row in rows:
        if row["kontroll"] == "part_missing" and "LOST" in row["radnokkel"]:
            row |= {"svar": answer, "kommentar": comment}
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0].keys(), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return path


def status(con: duckdb.DuckDBPyConnection) -> tuple:
    return con.execute(
        f"select numerator, confirmed from unit_result where check_id = 'part_missing' and hf_orgnr = '{FIRST}'"
    ).fetchone()


def test_a_measure_is_answered_in_the_pack_and_the_next_pack_shows_it(judged, home, tmp_path):
    own = own_pack(judged, home)
    assert lost(own)["month"] == "2025-04" and lost(own)["answer"] is None
    open_before = status(judged)[0]
    with pytest.raises(answers.AnswersRefused, match="confirmed with the reason"):
        answers.take(file_of(own, tmp_path / "funn.csv", "bekreftet"), home, THIS)
    taken = answers.take(file_of(own, tmp_path / "funn.csv", "bekreftet", "stengt i april"), home, THIS)
    assert taken == answers.Taken({"confirmed": 1})
    with judge.judged(home, THIS, threads=1) as con:
        again = own_pack(con, home)
        assert status(con) == (open_before - 1, 1)
        assert (lost(again)["is_explained"], lost(again)["answer_comment"]) == (True, "stengt i april")
        assert "stengt i april" in page.build(again, "1")
        sheets.write_workbook(again, tmp_path / "kvalitet.xlsx")
        found = list(openpyxl.load_workbook(tmp_path / "kvalitet.xlsx")["Funn"].values)
        (row,) = [
            dict(zip(found[2], row, strict=True)) for row in found[3:] if "LOST" in row[2] and "part_missing" in row
        ]
        assert (row["Radtype"], row["Verdi"], row["Svar"], row["Kommentar"]) == (
            "maling", "0", "bekreftet", "stengt i april",
        )  # fmt: skip
        # In the next delivery the answer stands beside the measure, which counts again.
        con.execute("update given_answer set delivery = ?, position = -1, answer = 'corrected'", [LAST])
        judge.macro_rows(con, judged=False)
        later = own_pack(con, home)
        assert (lost(later)["is_explained"], lost(later)["is_still_there"]) == (False, True)
        assert "meldt rettet, men står der ennå" in page.build(later, "1")
    taken = answers.take(file_of(own, tmp_path / "funn.csv", "trukket"), home, THIS)
    assert taken == answers.Taken({"withdrawn": 1})


def test_a_measure_that_is_no_finding_of_ones_own_is_passed_over(judged, home, tmp_path):
    own = own_pack(judged, home)
    file = file_of(own, tmp_path / "funn.csv", "rettet")
    file.write_text(file.read_text(encoding="utf-8-sig").replace("LOST", "OTHER"), encoding="utf-8-sig")
    taken = answers.take(file, home, THIS)
    assert (taken.answers, len(taken.passed_over)) == ({}, 1)


def test_each_delivery_keeps_its_own_answer_to_a_measure(judged, home, tmp_path):
    own = own_pack(judged, home)
    answers.take(file_of(own, tmp_path / "funn.csv", "bekreftet", "stengt i april"), home, THIS)
    store = str(answer_store.database(home))
    with contextlib.closing(duckdb.connect(store)) as con:
        for name in (LAST, "2025-T1-10", "2025-T3-1"):
            con.execute(
                """insert into answer
                select * replace (? as delivery, 'corrected' as answer) from answer where answer = 'confirmed'""",
                [name],
            )

    def shown() -> tuple:
        with judge.judged(home, THIS, threads=1) as con:
            row = lost(own_pack(con, home))
        return row["answered_delivery"], row["is_explained"], row["is_still_there"]

    # What is said of a later delivery is not said of this one, and what is said of this one goes before the earlier.
    assert shown() == (THIS, True, False)
    taken = answers.take(file_of(own, tmp_path / "funn.csv", "trukket"), home, THIS)
    assert taken == answers.Taken({"withdrawn": 1})
    assert shown() == ("2025-T1-10", False, True)
    taken = answers.take(file_of(own, tmp_path / "funn.csv", "trukket"), home, THIS)
    assert (taken.answers, len(taken.passed_over)) == ({}, 1)
    with contextlib.closing(duckdb.connect(store)) as con:
        kept = con.execute("select delivery from answer where row_type = 'maling' order by all").fetchall()
    assert kept == [("2025-T1-10",), (LAST,), ("2025-T3-1",)]
    answer_store.database(home).unlink()


def test_a_delivery_before_that_cannot_be_read_stops_no_report(home):
    """Last here: it breaks the warehouse of the delivery before."""
    with contextlib.closing(duckdb.connect(str(homes.warehouse(home, LAST)))) as con:
        con.execute("drop table gjestepasienter_usladdet")
    text = command.run_quality(THIS, home, threads=1)
    assert f"Mot forrige leveranse, {LAST}: kunne ikke sammenlignes." in text and "en annen versjon" in text
    assert "Publisert:" in text
    # Nor one that cannot be measured, whose results from before no longer hold.
    with contextlib.closing(duckdb.connect(str(homes.warehouse(home, LAST)))) as con:
        con.execute("drop table episode")
    text = command.run_quality(THIS, home, threads=1)
    assert f"Tidligere leveranse {LAST} kunne ikke måles" in text and "gjør den opp på nytt." in text
    # Nor is it taken for none: the check that reads it says that it could not, until it lies there anew.
    assert "kunne ikke kjøres: activity_at_new_units (CatalogException)" in text
    (page_of_all,) = (home / "published").glob("*-kvalitet-r2/direktoratet/oversikt.html")
    shown = page_of_all.read_text(encoding="utf-8")
    assert f"Kunne ikke måles:</strong> {LAST}" in shown and "2025-T1-1" in shown
