"""What the hospitals answer to their failing rows: corrected, confirmed, cannot be corrected, or taken back.

An answer file is the pack's CSV or workbook with `svar` and perhaps `kommentar` filled in. A fault refuses the whole
file, with each line that has one; a line about a row that is a finding no longer is passed over and told. A confirmed
row no longer counts, in this delivery and in later ones, as long as the hospital reports the same value. A measure (a
macro finding) is confirmed with its reason, and for the delivery that the answer is about, which keeps its answer: in
the next one it stands beside the measure, which counts again.
"""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from pipelines.engine import home as homes
from pipelines.engine.models import run
from pipelines.engine.workspace import rows
from pipelines.errors import InputRefused
from pipelines.quality import answer_file, answer_store, judge, pack_code
from pipelines.quality.answer_file import COMMENT, REQUIRED, Line
from pipelines.quality.answer_store import MEASURE

ANSWERS = {"rettet": "corrected", "bekreftet": "confirmed", "kan ikke": "cannot", "trukket": "withdrawn"}
WORDS = {code: word for word, code in ANSWERS.items()}
LONGEST_COMMENT = 2000
STAGE = "quality_answer"
_SHOWN = 20
_LINE = ("place_name", "check_id", "row_type", "row_key", "hf_orgnr", "answer", "answer_comment")


class AnswersRefused(InputRefused):
    """An answer file is refused as a whole. `problems` holds every reason found."""

    headline = "{what} is refused, no answer was taken."


@dataclass(frozen=True)
class Taken:
    """What a file gave: how many of each answer (`corrected`, …), and where the lines stand that were passed over."""

    answers: dict[str, int]
    passed_over: list[str] = field(default_factory=list)


def take(file: Path, home: Path, delivery: str, *, unpublished: bool = False) -> Taken:
    """Take the answers of a file about a measured delivery.

    Raises AnswersRefused with every fault: a missing or wrong code, an unknown answer, a row answered twice, another
    hospital's row.
    """
    try:
        lines = answer_file.read(file)
    except answer_file.Unusable as fault:
        raise AnswersRefused(file.name, [str(fault)]) from None
    problems = _problems(lines, home, delivery)
    if problems:
        raise AnswersRefused(file.name, few(problems))
    measures = any(line.cells["radtype"] == MEASURE for line in lines)
    with homes.turn(home), judge.opened(home, delivery, unpublished=unpublished) as con:
        judge.macro_rows(con, judged=measures)
        _lines(con, lines)
        run(STAGE, con)
        refused = rows(
            con,
            """select * from answer_judged where outcome in ('repeated', 'other_hospital')
            order by place""",
        )
        if refused:
            raise AnswersRefused(file.name, few([_sentence(row) for row in refused]))
        passed_over = rows(con, "select * from answer_judged where outcome <> 'taken' order by place")
        counted = con.execute("select answer from answer_judged where outcome = 'taken'").fetchall()
        answer_store.store(con, home, delivery)
    return Taken(dict(Counter(answer for (answer,) in counted)), [_sentence(row) for row in passed_over])


def _problems(lines: list[Line], home: Path, delivery: str) -> list[str]:
    """What is wrong with the lines as they stand: the codes first, for without them nothing else is told."""
    if not lines:
        return ["no line has an answer in column svar"]
    key = pack_code.key(home)
    given = {(line.cells["hf_orgnr"], line.cells["pakkekode"]) for line in lines}
    right = {(hf, code) for hf, code in given if pack_code.is_code(key, delivery, hf, code)}
    wrong = [line for line in lines if (line.cells["hf_orgnr"], line.cells["pakkekode"]) not in right]
    if wrong:
        return [
            f"{line.place}: pakkekode is {'wrong' if line.cells['pakkekode'] else 'missing'}; every answered line has"
            f" the code of the pack of {delivery} that the hospital was sent"
            for line in wrong
        ]
    problems = []
    hospitals = {hf for hf, _ in given}
    if len(hospitals) > 1:
        problems.append(f"the file answers for {len(hospitals)} hospitals; one file per hospital")
    for line in lines:
        word = line.cells["svar"].lower()
        if word not in ANSWERS:
            problems.append(f"{line.place}: svar is {word[:20]!r}; it must be {', '.join(ANSWERS)}")
        if word == "bekreftet" and line.cells["radtype"] == MEASURE and not line.cells[COMMENT]:
            problems.append(f"{line.place}: a measure is confirmed with the reason for it in kommentar")
        if line.too_many:
            problems.append(f"{line.place}: more fields than the header has; put a comment with ; in quotes")
        if (length := len(line.cells[COMMENT])) > LONGEST_COMMENT:
            problems.append(f"{line.place}: kommentar has {length} characters; at most {LONGEST_COMMENT} are kept")
    return problems


def _lines(con: duckdb.DuckDBPyConnection, lines: list[Line]) -> None:
    """`answer_line`: the lines as a table."""
    source = dict(zip(("check_id", "row_type", "row_key", "hf_orgnr"), REQUIRED, strict=False))
    columns: dict[str, list[str | None]] = {name: [line.cells[cell] for line in lines] for name, cell in source.items()}
    columns["place_name"] = [line.place for line in lines]
    columns["answer"] = [ANSWERS[line.cells["svar"].lower()] for line in lines]
    columns["answer_comment"] = [line.cells[COMMENT] or None for line in lines]
    arrays = {name: pa.array(columns[name], pa.string()) for name in _LINE}
    con.register("read_lines", pa.table({"place": pa.array(range(len(lines)), pa.int64()), **arrays}))
    con.execute("create temp table answer_line as select * from read_lines")
    con.unregister("read_lines")


def _sentence(row: dict) -> str:
    """What became of a line that was not taken."""
    why = {
        "repeated": f"the row is answered in {row['first_place_name']} too; keep one of them",
        "other_hospital": "the row belongs to another hospital",
        "no_finding": "the row is not a finding, or no longer",
        "nothing_to_withdraw": "the row has no answer to take back",
    }
    return f"{row['place_name']}: {why[row['outcome']]}"


def few(problems: list[str]) -> list[str]:
    """The first of many problems, and how many more there are."""
    rest = len(problems) - _SHOWN
    return problems[:_SHOWN] + ([f"and {rest} more"] if rest > 0 else [])
