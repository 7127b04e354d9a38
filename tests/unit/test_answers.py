"""What hospitals answer: bound to their pack, each row once, refused by line, taken back, never worth more money."""

import contextlib
import csv
import io
import time
from functools import cache
from pathlib import Path

import duckdb
import openpyxl
import pytest

from pipelines.publication import csvfile
from pipelines.quality import answer_file, answer_store, answers, judge, pack, pack_code, sheets
from tests.unit import quality_delivery
from tests.unit.quality_delivery import FIRST, FORMULA, SECOND

DELIVERY = "2025-T1-2"
HEADER = ("kontroll", "radtype", "radnokkel", "hf_orgnr", "svar", "kommentar", "pakkekode")
MISSING = ("municipality_missing", "episode", "A-komnr")
OUTSIDE = ("outside_isf_on_treated", "episode", "A-outside")
SPLIT = ("stay_split_same_day", "episode", "A-split-2")


@pytest.fixture(scope="module")
def measured(tmp_path_factory) -> Path:
    return quality_delivery.measured(tmp_path_factory.mktemp("answers"))


@pytest.fixture
def home(measured) -> Path:
    """The measured home without answers."""
    answer_store.database(measured).unlink(missing_ok=True)
    return measured


def own_pack(home: Path, hospital: str = FIRST) -> pack.Pack:
    with judge.judged(home, DELIVERY, threads=1) as con:
        return pack.build(con, hospital, [], pack_code.key(home))


@cache
def code(home: Path, hospital: str = FIRST) -> str:
    """The code of the hospital's pack, whatever has been answered."""
    return own_pack(home, hospital).code


def line(row: tuple, answer: str, comment: str = "", *, hospital: str = FIRST, code: str) -> list[str]:
    return [*row, hospital, answer, comment, code]


def write(path: Path, lines: list[list[str]], header=HEADER) -> Path:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows([header, *lines])
    path.write_text("\ufeff" + text.getvalue(), encoding="utf-8", newline="")
    return path


def give(home: Path, tmp_path: Path, *lines: list[str]) -> answers.Taken:
    return answers.take(write(tmp_path / "svar.csv", list(lines)), home, DELIVERY)


def kept(home: Path) -> dict[str, tuple[str, str | None]]:
    """Answer and comment per row key."""
    with contextlib.closing(duckdb.connect(str(answer_store.database(home)), read_only=True)) as con:
        return {
            key: tuple(rest)
            for key, *rest in con.execute("select row_key, answer, answer_comment from answer").fetchall()
        }


def results(home: Path, query: str) -> list[tuple]:
    with judge.judged(home, DELIVERY, threads=1) as con:
        return con.execute(query).fetchall()


def test_a_suspicion_that_is_confirmed_no_longer_counts(home, tmp_path):
    own = code(home)
    taken = give(home, tmp_path, line(SPLIT, "Bekreftet ", "to opphold", code=own), line(MISSING, "kan ikke", code=own))
    assert taken == answers.Taken({"confirmed": 1, "cannot": 1})
    found = dict(
        results(home, f"select check_id, numerator from unit_result where level = 'hf' and hf_orgnr = '{FIRST}'")
    )
    assert (found["stay_split_same_day"], found["municipality_missing"]) == (0, 1)
    assert results(home, "select sum(confirmed) from unit_result where level = 'hf'") == [(1,)]


def test_what_is_missing_counts_also_where_the_hospital_confirms_it(home, tmp_path):
    give(home, tmp_path, line(MISSING, "bekreftet", code=code(home)))
    assert results(home, "select is_counted, is_confirmed, answer from counted_row where row_key = 'A-komnr'") == [
        (True, False, "confirmed")
    ]


def test_an_overpayment_that_is_confirmed_goes_to_the_directorates_list(home, tmp_path):
    before = results(home, f"select nok_over from hospital_result where hf_orgnr = '{FIRST}'")[0][0]
    give(home, tmp_path, line(SPLIT, "bekreftet", "rett slik", code=code(home)))
    ((key, comment, points, nok),) = results(
        home, "select row_key, answer_comment, points_at_stake, nok_at_stake from confirmed_overpayment"
    )
    assert (key, comment) == ("A-split-2", "rett slik") and points < 0
    after = results(home, f"select nok_over from hospital_result where hf_orgnr = '{FIRST}'")[0][0]
    assert before - after == -nok


@pytest.mark.parametrize("second", ["kan ikke", "rettet"])
def test_a_row_that_is_answered_twice_is_refused_by_its_line(home, tmp_path, second):
    own = code(home)
    lines = [line(OUTSIDE, "kan ikke", code=own), line(MISSING, "rettet", code=own), line(OUTSIDE, second, code=own)]
    with pytest.raises(answers.AnswersRefused) as refused:
        give(home, tmp_path, *lines)
    assert refused.value.problems == ["line 4: the row is answered in line 2 too; keep one of them"]
    assert refused.value.exit_code == 2 and not answer_store.database(home).exists()


def test_an_answer_that_is_kept_twice_is_worth_no_more(home, tmp_path):
    money = "select sum(nok_lost), sum(nok_over), sum(failing_rows) from hospital_result"
    before = results(home, money)
    give(home, tmp_path, line(OUTSIDE, "kan ikke", code=code(home)))
    with contextlib.closing(duckdb.connect(str(answer_store.database(home)))) as con:
        for _ in range(5):
            con.execute("insert into answer from answer")
    assert results(home, money) == before


def test_a_line_that_is_a_finding_no_longer_is_passed_over_and_the_rest_is_taken(home, tmp_path):
    own = code(home)
    gone = ("municipality_missing", "episode", "A-good-1")
    taken = give(home, tmp_path, line(gone, "rettet", code=own), line(MISSING, "rettet", code=own))
    assert taken.answers == {"corrected": 1}
    assert taken.passed_over == ["line 2: the row is not a finding, or no longer"]
    assert set(kept(home)) == {"A-komnr"}


def test_an_answer_can_be_taken_back_and_given_anew(home, tmp_path):
    own = code(home)
    give(home, tmp_path, line(SPLIT, "bekreftet", code=own), line(MISSING, "kan ikke", code=own))
    taken = give(home, tmp_path, line(SPLIT, "trukket", code=own), line(OUTSIDE, "trukket", code=own))
    assert taken.answers == {"withdrawn": 1}
    assert taken.passed_over == ["line 3: the row has no answer to take back"]
    assert kept(home) == {"A-komnr": ("cannot", None)}
    give(home, tmp_path, line(MISSING, "rettet", "nå", code=own))
    assert kept(home) == {"A-komnr": ("corrected", "nå")}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({6: ""}, "line 3: pakkekode is missing"),
        ({6: "P000000000000-" + "0" * 32}, "line 3: pakkekode is wrong"),
        ({3: SECOND}, "line 3: pakkekode is wrong"),  # one's own code, another hospital's number
        ({4: "kanskje"}, "line 3: svar is 'kanskje'; it must be rettet, bekreftet, kan ikke, trukket"),
        ({2: "B-komnr"}, "line 3: the row belongs to another hospital"),
        ({5: "x" * 2001}, "line 3: kommentar has 2001 characters; at most 2000 are kept"),
    ],
)
def test_a_wrong_line_refuses_the_whole_file(home, tmp_path, changes, problem):
    own = code(home)
    wrong = [changes.get(place, cell) for place, cell in enumerate(line(MISSING, "rettet", code=own))]
    with pytest.raises(answers.AnswersRefused) as refused:
        give(home, tmp_path, line(SPLIT, "rettet", code=own), wrong)
    assert [text for text in refused.value.problems if text.startswith(problem)], refused.value.problems
    assert not answer_store.database(home).exists()


def test_a_file_answers_for_one_hospital(home, tmp_path):
    other = line(("municipality_missing", "episode", "B-komnr"), "rettet", hospital=SECOND, code=code(home, SECOND))
    with pytest.raises(answers.AnswersRefused, match="one file per hospital"):
        give(home, tmp_path, line(MISSING, "rettet", code=code(home)), other)


def test_the_code_is_the_homes_own_the_packs_and_no_other_deliverys(home, tmp_path):
    key = pack_code.key(home)
    assert (home / "answer.key").stat().st_mode & 0o777 == 0o600 and pack_code.key(home) == key
    own = own_pack(home)
    assert own.code != code(home, SECOND)
    assert pack_code.is_code(key, DELIVERY, FIRST, own.code)
    assert not pack_code.is_code(key, "2025-T1-1", FIRST, own.code)
    assert not pack_code.is_code(pack_code.key(tmp_path / "other"), DELIVERY, FIRST, own.code)
    # What has been answered makes no other pack: a second file from the same pack is taken.
    give(home, tmp_path, line(MISSING, "rettet", code=own.code))
    assert own_pack(home).code == own.code == code(home)


@pytest.mark.parametrize("mark", ["\u2028", "\u0085", "\x0b", "\x1c", "\n", "\r\n"])
def test_a_mark_that_looks_like_a_line_end_is_part_of_the_comment(home, tmp_path, mark):
    own = code(home)
    give(home, tmp_path, line(MISSING, "rettet", f"første{mark}annen", code=own), line(SPLIT, "rettet", "ok", code=own))
    assert kept(home) == {"A-komnr": ("corrected", f"første{mark}annen"), "A-split-2": ("corrected", "ok")}


def test_lines_are_numbered_as_they_begin_in_the_file(home, tmp_path):
    own = code(home)
    lines = [line(MISSING, "rettet", "a\nb\nc", code=own), [], line(SPLIT, "kanskje", code=own)]
    with pytest.raises(answers.AnswersRefused, match="line 6: svar"):
        give(home, tmp_path, *lines)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "the file is empty"),
        ("kontroll;svar\nå;å\n".encode("cp1252"), "not UTF-8; save"),
        (b"kontroll,svar\nx,rettet\n", "column kontroll is missing"),
        (b'kontroll;svar\n"a;rettet\n', "is missing"),
        (b"PK\x03\x04 not a workbook", "the workbook cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(home, tmp_path, content, problem):
    file = tmp_path / "svar.csv"
    file.write_bytes(content)
    with pytest.raises(answers.AnswersRefused, match=problem):
        answers.take(file, home, DELIVERY)


def test_a_file_that_is_not_there_and_a_folder_are_told(home, tmp_path):
    for file, problem in ((tmp_path / "borte.csv", "no such file"), (tmp_path, "is a folder")):
        with pytest.raises(answers.AnswersRefused, match=problem):
            answers.take(file, home, DELIVERY)


def test_an_open_quote_does_not_swallow_the_rest(home, tmp_path):
    own = code(home)
    file = write(tmp_path / "svar.csv", [line(MISSING, "rettet", code=own)])
    with file.open("a", encoding="utf-8", newline="") as stream:
        stream.write(f'stay_split_same_day;episode;A-split-2;{FIRST};rettet;"ikke lukket;{own}\r\n')
    with pytest.raises(answers.AnswersRefused, match="line 3: the quotes do not match"):
        answers.take(file, home, DELIVERY)


def test_the_packs_own_files_come_back_with_their_answers(home, tmp_path):
    """The round trip of both files: a formula's apostrophe goes, a comment comes back in the next pack."""
    sheets.write_csv(own_pack(home), tmp_path / "funn.csv")
    sheets.write_workbook(own_pack(home), tmp_path / "kvalitet.xlsx")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "funn.csv").read_text(encoding="utf-8-sig")), delimiter=";"))
    for row in rows:
        row["svar"], row["kommentar"] = "kan ikke", "=1+1"
    answered = write(tmp_path / "a.csv", [list(row.values()) for row in rows], header=tuple(rows[0]))
    assert answers.take(answered, home, DELIVERY).answers == {"cannot": len(rows)}
    by_csv = kept(home)
    assert by_csv[FORMULA] == ("cannot", "=1+1")
    finding = next(f for f in own_pack(home).with_rows if f.check.id == "drg_unknown")
    comment = pack.line(own_pack(home), finding, finding.rows[0])[
        [name for name, *_ in pack.COLUMNS].index("kommentar")
    ]
    assert comment == "=1+1" and csvfile.text_cell(comment) == "'=1+1"

    answer_store.database(home).unlink()
    book = openpyxl.load_workbook(tmp_path / "kvalitet.xlsx")
    for sheet in book:
        head = {cell.value: cell.column for cell in sheet[3]}
        for number in range(4, sheet.max_row + 1) if "Svar" in head else ():
            sheet.cell(number, head["Svar"], "kan ikke")
            sheet.cell(number, head["Kommentar"], "=1+1").data_type = "s"
    book.save(tmp_path / "b.xlsx")
    assert answers.take(tmp_path / "b.xlsx", home, DELIVERY).answers == {"cannot": len(rows)}
    assert kept(home) == by_csv


def test_a_line_of_the_workbook_is_named_by_its_sheet(home, tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Funn"
    book.active.append(["Til sykehuset"])
    book.active.append(HEADER)
    book.active.append(line(MISSING, "kanskje", code=code(home)))
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(answers.AnswersRefused, match="sheet Funn, row 3: svar"):
        answers.take(tmp_path / "a.xlsx", home, DELIVERY)


def test_many_answers_are_taken_in_seconds(home, tmp_path):
    """The work grows with the rows, not with their square; 100 000 take some seconds on two cores."""
    own = code(home)
    many = [line(("drg_unknown", "episode", f"X-{number}"), "rettet", "ok", code=own) for number in range(20_000)]
    file = write(tmp_path / "svar.csv", many)
    started = time.process_time()
    taken = answers.take(file, home, DELIVERY)
    assert len(taken.passed_over) == 20_000
    assert time.process_time() - started < 10


def test_many_answers_of_a_workbook_are_read_in_seconds(tmp_path):
    """100 000 rows as a pack has them; what openpyxl takes 15 s for."""
    import xlsxwriter

    names = ("radtype", *"abcdefgh", "kontroll", "radnokkel", "hf_orgnr", "svar", "pakkekode")
    with xlsxwriter.Workbook(tmp_path / "a.xlsx", {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Funn")
        sheet.write_row(6, 0, names)
        for number in range(20_000):
            sheet.write_row(7 + number, 0, [f"tekst {number % 97}", *range(8), "k", number, "993467049", "rettet", "x"])
    started = time.process_time()
    lines = answer_file.read(tmp_path / "a.xlsx")
    assert time.process_time() - started < 3
    assert [line.cells["radnokkel"] for line in lines] == [str(number) for number in range(20_000)]
    assert lines[-1].place == "sheet Funn, row 20007"


def test_a_workbook_with_a_cell_far_away_is_refused(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    book.active["XFD1048576"] = "x"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(answer_file.Unusable, match="far away"):
        answer_file.read(tmp_path / "a.xlsx")
