"""What one hospital's pack holds: its results, its rows, its departments. Plain data for page, workbook and CSV.

Every query here names the hospital: no row of another can come in.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import duckdb

from pipelines.engine.workspace import only_row, rows
from pipelines.publication.norwegian import number, rounded
from pipelines.quality import catalogue, pack_code, words
from pipelines.quality.catalogue import Check

Facts = dict[str, Any]
SHOWN_ROWS = 200  # on the page; the workbook and the CSV have all
SHOWN_DEPARTMENTS = 30
# Macro findings with the names that both the pack and the overview show; the reader says whose, and in what order.
NAMED_MACRO_ROWS = """select macro_row.*, coalesce(hospital.hf_name, absent_trust.hf_name) as hf_name,
        known_unit.unit_name
    from macro_row
    left join hospital on hospital.hf_orgnr = macro_row.hf_orgnr
    left join absent_trust on absent_trust.hf_orgnr = macro_row.hf_orgnr
    left join known_unit on known_unit.unit_id = macro_row.unit_id and known_unit.hf_orgnr = macro_row.hf_orgnr"""
# By rank: what is missing, then the clearest.
MACRO_ORDER = """macro_row.check_id <> 'part_missing', abs(z) desc, position, measure, macro_row.hf_orgnr, sector,
    macro_row.month, institution_id, macro_row.unit_id"""


@dataclass(frozen=True)
class Finding:
    """A check's result for the hospital with its rows, those with most at stake first."""

    check: Check
    result: Facts
    rows: list[Facts]
    measures: list[Facts] = field(default_factory=list)

    @property
    def nok(self) -> Decimal:
        return self.result["nok_lost"] + self.result["nok_over"]

    @property
    def status(self) -> str:
        return self.result["status"]


@dataclass(frozen=True)
class Pack:
    """A hospital's pack. `earlier`: its own result in each delivery, oldest first, this one last; `fixed`: per check
    what was a finding in the last delivery and is none now; `last`: the last delivery's facts, where it is measured;
    `macro`: the macro findings, `missing` and `standing_out` of them."""

    hospital: Facts
    info: Facts
    findings: list[Finding]
    departments: list[Facts]
    earlier: list[Facts]
    answers: dict[str, int]
    macro: list[Facts] = field(default_factory=list)
    fixed: list[Facts] = field(default_factory=list)
    last: Facts | None = None
    is_comparable: bool = False
    code: str = ""

    @property
    def missing(self) -> list[Facts]:
        """What is expected and absent."""
        return [row for row in self.macro if row["basis"]]

    @property
    def standing_out(self) -> list[Facts]:
        """What stands out by statistics."""
        return [row for row in self.macro if row["kind"] == "test" and not row["basis"]]

    @property
    def previous(self) -> Facts | None:
        """The result of the delivery before, if it is measured."""
        return self.earlier[-2] if len(self.earlier) > 1 else None

    @property
    def all_rows(self) -> list[tuple[Finding, Facts]]:
        """Every row with its check: what counts first, then by money."""
        found = [(finding, row) for finding in self.with_rows for row in finding.rows]
        return sorted(
            found,
            key=lambda pair: (
                not pair[1]["is_counted"], pair[0].check.trial, -abs(pair[1]["nok_at_stake"]),
                pair[0].check.position, pair[1]["row_key"],
            ),
        )  # fmt: skip

    @property
    def with_rows(self) -> list[Finding]:
        """The findings that have rows, by money."""
        return [finding for finding in self.findings if finding.rows]


def info(con: duckdb.DuckDBPyConnection) -> Facts:
    """The delivery and its rule set."""
    return rows(con, "select * exclude (stamp) from info")[0]


def hospitals(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The trusts that get a pack, those with most rows first: what takes longest is begun first."""
    found = rows(
        con,
        """select hospital.hf_orgnr
        from hospital
        left join (select hf_orgnr, count(*) as n from counted_row group by hf_orgnr) as own
            on own.hf_orgnr = hospital.hf_orgnr
        where hospital.hf_orgnr <> ''
        order by coalesce(own.n, 0) desc, hospital.hf_orgnr""",
    )
    return [row["hf_orgnr"] for row in found]


def build(con: duckdb.DuckDBPyConnection, hf_orgnr: str, development: list[Facts], key: bytes = b"") -> Pack:
    """The pack of a trust. `development`: see `judge.development`; `key`: of the home, for the pack's code."""
    own_rows: dict[str, list[Facts]] = {}
    for row in rows(
        con,
        """select row.* exclude (hf_orgnr), known_unit.unit_name
        from counted_row as row
        left join known_unit on known_unit.unit_id = row.unit_id and known_unit.hf_orgnr = row.hf_orgnr
        where row.hf_orgnr = ?
        order by row.check_id, row.is_counted desc, abs(row.points_at_stake) desc, row.month, row.row_type,
            row.row_key""",
        [hf_orgnr],
    ):
        own_rows.setdefault(row["check_id"], []).append(row)
    measures: dict[str, list[Facts]] = {}
    for row in rows(
        con,
        """select result.* exclude (hf_orgnr), row.answer, row.answer_comment, row.answered_delivery, row.is_still_there
        from macro_result as result
        left join macro_row as row
            on row.check_id = result.check_id and row.hf_orgnr = result.hf_orgnr and row.sector = result.sector
            and row.month is not distinct from result.month
        where result.hf_orgnr = ? and not is_not_applicable
        order by result.check_id, differs_from_itself or differs_from_peers desc, result.sector desc, result.month""",
        [hf_orgnr],
    ):
        measures.setdefault(row["check_id"], []).append(row)
    checks = catalogue.by_id()
    findings = [
        Finding(
            checks[result["check_id"]],
            result,
            own_rows.get(result["check_id"], []),
            measures.get(result["check_id"], []),
        )
        for result in rows(con, "select * from unit_result where level = 'hf' and hf_orgnr = ?", [hf_orgnr])
    ]
    findings.sort(key=lambda f: (-f.nok, -f.result["numerator"], f.check.position))
    answers = {
        row["answer"]: row["n"]
        for row in rows(
            con,
            """select answer, count(*) as n from (
                select hf_orgnr, answer from counted_row union all select hf_orgnr, answer from macro_row)
            where hf_orgnr = ? and answer is not null group by 1""",
            [hf_orgnr],
        )
    }
    delivery = info(con)
    (about,) = only_row(con, "select findings_sha256 from pack_identity where hf_orgnr = ?", [hf_orgnr])
    return Pack(
        hospital=rows(con, "select * from hospital_result where hf_orgnr = ?", [hf_orgnr])[0],
        info=delivery,
        findings=findings,
        departments=rows(
            con,
            """select * from department_result where hf_orgnr = ? and unit_id is not null
            order by nok_lost + nok_over desc, failing_rows desc, unit_id""",
            [hf_orgnr],
        ),
        earlier=[entry for entry in development if entry["hf_orgnr"] == hf_orgnr],
        answers=answers,
        macro=rows(con, f"{NAMED_MACRO_ROWS} where macro_row.hf_orgnr = ? order by {MACRO_ORDER}", [hf_orgnr]),
        fixed=rows(
            con,
            """select check_id, row_type, row_key, unit_id, month, points_at_stake, nok_at_stake from fixed_row
            where hf_orgnr = ? order by check_id, row_type, row_key""",
            [hf_orgnr],
        ),
        last=next(iter(rows(con, "select * from earlier_delivery where which = 'delivery'")), None),
        is_comparable=only_row(con, "select count(*) from common_month")[0] > 0,
        code=pack_code.code(key, delivery["delivery"], hf_orgnr, about),
    )


COLUMNS = (
    ("kontroll", "VARCHAR", False), ("tittel", "VARCHAR", False), ("paragraf", "VARCHAR", False),
    ("radtype", "VARCHAR", False), ("radnokkel", "VARCHAR", False), ("hf_orgnr", "VARCHAR", False),
    ("institusjon", "VARCHAR", False), ("avdeling", "VARCHAR", False), ("maned", "VARCHAR", False),
    ("inntid", "VARCHAR", False), ("uttid", "VARCHAR", False), ("henger_sammen_med", "VARCHAR", False),
    ("verdi", "VARCHAR", False), ("foreslatt", "VARCHAR", False), ("poeng", "DECIMAL(18,3)", True),
    ("poeng_fra", "DECIMAL(18,3)", True), ("poeng_til", "DECIMAL(18,3)", True), ("kroner", "DECIMAL(18,2)", True),
    ("historikk", "VARCHAR", False), ("svar", "VARCHAR", False), ("kommentar", "VARCHAR", False),
    ("pakkekode", "VARCHAR", False),
)  # fmt: skip


def history(row: Facts) -> str | None:
    """Whether the row is new in the months that both deliveries hold, or said to be corrected and still there."""
    return words.STILL_THERE if row["is_still_there"] else words.HISTORY.get(row["history"])


def line(pack: Pack, finding: Finding, row: Facts) -> tuple:
    """A row as it stands in the CSV and the workbook; the columns are `COLUMNS`."""
    return (
        finding.check.id, finding.check.title, f"§{finding.check.paragraph}", row["row_type"], row["row_key"],
        pack.hospital["hf_orgnr"], row["institution_id"], row["unit_id"], row["month"],
        row["start_text"], row["end_text"], row["partner_key"], row["value"], row["proposed"],
        row["points_at_stake"], row["points_low"], row["points_high"], rounded(row["nok_at_stake"], 2), history(row),
        words.ANSWER.get(row["answer"]), row["answer_comment"], pack.code,
    )  # fmt: skip


def macro_line(pack: Pack, check: Check, row: Facts) -> tuple:
    """A macro finding in the same columns: what is measured stands as value, what is expected as proposal."""
    decimals = 0 if row["kind"] == "volume" or row["basis"] or check.id == "volume_by_week" else 3
    since = row["since"].isoformat() if row["since"] else None
    # An answer to an earlier delivery's measure is shown, but given anew by the hospital.
    is_own = row["answered_delivery"] == pack.info["delivery"]
    return (
        check.id, f"{check.title}{': ' + words.measure(row['measure']) if row['measure'] else ''}",
        f"§{check.paragraph}", row["row_type"], row["row_key"], pack.hospital["hf_orgnr"], row["institution_id"],
        row["unit_id"], row["month"], since, None, None, number(row["measured"], decimals),
        f"ventet {number(row['expected'], decimals)}", None, None, None, None,
        words.STILL_THERE if row["is_still_there"] else None if is_own or not row["answer"] else
        f"{words.ANSWER[row['answer']]} i {row['answered_delivery']}",
        words.ANSWER.get(row["answer"]) if is_own else None, row["answer_comment"], pack.code,
    )  # fmt: skip


def lines(pack: Pack) -> list[tuple[Check, tuple]]:
    """Everything that can be answered, in the columns of `COLUMNS`: the rows first, then the macro findings."""
    checks = catalogue.by_id()
    found = [(finding.check, line(pack, finding, row)) for finding, row in pack.all_rows]
    return found + [(checks[row["check_id"]], macro_line(pack, checks[row["check_id"]], row)) for row in pack.macro]
