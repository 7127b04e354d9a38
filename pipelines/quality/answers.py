"""What the hospitals answer to their failing rows: corrected, confirmed, or cannot be corrected.

An answer file is the pack's CSV with `svar` (rettet, bekreftet, kan ikke) and perhaps `kommentar` filled in. It is
taken whole or refused whole. Answers are kept in `<home>/quality/answers.duckdb`, the latest per row and check; a
confirmed row no longer counts, in this delivery and in later ones, as long as the hospital reports the same value.
"""

import contextlib
import csv
import os
from collections import Counter
from pathlib import Path

import duckdb

from pipelines.engine import home as homes
from pipelines.engine import workspace
from pipelines.errors import InputRefused
from pipelines.publication.csvfile import FORMULA_STARTS

ANSWERS = {"rettet": "corrected", "bekreftet": "confirmed", "kan ikke": "cannot"}
WORDS = {code: word for word, code in ANSWERS.items()}
REQUIRED = ("kontroll", "radtype", "radnokkel", "hf_orgnr", "svar")
LONGEST_COMMENT = 500
_COLUMNS = (
    "check_id varchar, row_type varchar, row_key varchar, hf_orgnr varchar, value varchar, answer varchar,"
    " comment varchar, delivery varchar"
)


class AnswersRefused(InputRefused):
    """An answer file is refused as a whole."""

    headline = "{what} is refused, no answer was taken."


def database(home: Path) -> Path:
    return home / "quality" / "answers.duckdb"


def fill(con: duckdb.DuckDBPyConnection, home: Path) -> None:
    """`given_answer`: the latest answer per check and row."""
    con.execute(f"create table given_answer ({_COLUMNS})")
    path = database(home)
    if path.is_file():
        workspace.attach(con, path, "given")
        con.execute("insert into given_answer select * from given.main.answer")
        con.execute("detach given")


def take(file: Path, home: Path, delivery: str) -> dict[str, int]:
    """Take the answers of a file about a measured delivery; how many of each answer (`corrected`, …).

    Raises AnswersRefused with every fault: an unknown answer, a row that is not a finding, another hospital's row.
    """
    given, problems = _read(file)
    if not problems:
        given, problems = _checked(given, home, delivery)
    if problems:
        raise AnswersRefused(file.name, problems)
    _store(home, delivery, given)
    return dict(Counter(answer["svar"] for answer in given))


def _read(file: Path) -> tuple[list[dict], list[str]]:
    """The answered lines of the file, with their line number, and what is wrong with the file."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return [], ["the file cannot be read as UTF-8; save the hospital's CSV as CSV UTF-8"]
    reader = csv.DictReader(text.splitlines(), delimiter=";")
    missing = [name for name in REQUIRED if name not in (reader.fieldnames or [])]
    if missing:
        return [], [f"column {name} is missing; answer in the CSV of the hospital's pack" for name in missing]
    given, problems = [], []
    for row in reader:
        word = (row["svar"] or "").strip().lower()
        if not word:
            continue
        line = reader.line_num
        if word not in ANSWERS:
            problems.append(f"line {line}: svar is {word[:20]!r}; it must be {', '.join(ANSWERS)}")
            continue
        cells = {name: _plain(row[name]) for name in REQUIRED}
        comment = _plain(row.get("kommentar"))[:LONGEST_COMMENT]
        given.append({**cells, "svar": ANSWERS[word], "kommentar": comment, "line": line})
    if not given and not problems:
        problems.append("no line has an answer in column svar")
    return given, problems


def _plain(cell: str | None) -> str:
    """A cell without the apostrophe that the pack puts before what a spreadsheet takes for a formula."""
    text = (cell or "").strip()
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA_STARTS else text


def _checked(given: list[dict], home: Path, delivery: str) -> tuple[list[dict], list[str]]:
    """Every answer with the value its row reports, and what is wrong."""
    hospitals = sorted({answer["hf_orgnr"] for answer in given})
    problems = []
    if len(hospitals) > 1:
        problems.append(f"the file answers for {len(hospitals)} hospitals; one file per hospital")
    with contextlib.closing(workspace.connect(homes.quality(home, delivery), read_only=True)) as con:
        con.execute("create temp table asked (place integer, check_id varchar, row_type varchar, row_key varchar)")
        con.executemany(
            "insert into asked values (?, ?, ?, ?)",
            [(n, a["kontroll"], a["radtype"], a["radnokkel"]) for n, a in enumerate(given)],
        )
        found = con.execute("""
            select asked.place, list(row.hf_orgnr) filter (where row.check_id is not null), list(row.value)
            from asked left join check_row as row using (check_id, row_type, row_key)
            group by asked.place order by asked.place""").fetchall()
    taken = []
    for place, owners, values in found:
        answer = given[place]
        if not owners:
            problems.append(f"line {answer['line']}: not a finding of {delivery}")
        elif answer["hf_orgnr"] not in owners:
            problems.append(f"line {answer['line']}: the row belongs to another hospital")
        else:
            taken.append({**answer, "value": values[owners.index(answer["hf_orgnr"])]})
    return taken, problems


def _store(home: Path, delivery: str, given: list[dict]) -> None:
    path = database(home)
    with contextlib.closing(workspace.connect(path)) as con:
        os.chmod(path, 0o600)
        con.execute(f"create table if not exists answer ({_COLUMNS})")
        con.execute("begin")
        con.executemany(
            "delete from answer where check_id = ? and row_type = ? and row_key = ? and hf_orgnr = ?",
            [(a["kontroll"], a["radtype"], a["radnokkel"], a["hf_orgnr"]) for a in given],
        )
        con.executemany(
            "insert into answer values (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (a["kontroll"], a["radtype"], a["radnokkel"], a["hf_orgnr"], a["value"], a["svar"],
                 a["kommentar"], delivery)
                for a in given
            ],
        )  # fmt: skip
        con.execute("commit")
