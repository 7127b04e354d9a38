"""Test-grouping: cases in, results and reasons out. What `isf group` calls."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from pipelines.engine import models
from pipelines.engine.progress import Progress, silent
from pipelines.engine.workspace import MEMORY_LIMIT, THREADS, connect, literal, only_row, rows, spilling
from pipelines.errors import IsfError
from pipelines.grouper import cases, sets

MOST_EXPLAINED = 100  # cases; every rule is judged for each of them
NEAREST = 5
RESULT = """
    select drg_case.id, result.drg, result.ord, result.rtc, result.mdc, result.hdg
    from grouped_case as result
    inner join drg_case on drg_case.case_nr = result.case_nr
    order by result.case_nr
"""


@dataclass
class Grouped:
    """Grouped cases, still in the connection `con`; closed by the context that gave it.

    `cases`: how many. `findings`: kind → number of cases.
    """

    con: duckdb.DuckDBPyConnection
    definitions: sets.DefinitionSet
    cases: int
    findings: dict[str, int] = field(default_factory=dict)

    def write_csv(self, path: Path) -> None:
        """`id;drg;ord;rtc;mdc;hdg`, a row per case in the order given; UTF-8 without BOM, for scripts."""
        if not path.parent.is_dir():
            raise IsfError(f"There is no folder {path.parent} for {path.name}. Make it, or choose another --out.")
        beside = path.with_name(f".{path.name}.part")
        try:
            self.con.execute(f"copy ({RESULT}) to {literal(beside)} (format csv, header, delimiter ';')")
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)

    def results(self) -> list[dict[str, Any]]:
        """`id`, `drg`, `loc_drg`, `ord`, `rtc`, `mdc`, `hdg` and `findings` of each case, in the order given."""
        return rows(
            self.con,
            """
            select
                drg_case.id, result.drg, result.loc_drg, result.ord, result.rtc, result.mdc, result.hdg,
                coalesce(found.findings, []) as findings,
            from grouped_case as result
            inner join drg_case on drg_case.case_nr = result.case_nr
            left join (
                select case_nr, list(finding order by finding) as findings from case_finding group by case_nr
            ) as found on found.case_nr = result.case_nr
            order by result.case_nr
            """,
        )

    def explained(self) -> list[dict[str, Any]]:
        """The results with `case`, `features`, `criteria` of the rule and the `nearest` earlier rules.

        Raises IsfError when there are more than can be explained.
        """
        if self.cases > MOST_EXPLAINED:
            raise IsfError(
                f"{self.cases} cases cannot be explained at once, at most {MOST_EXPLAINED}. Give fewer with --why."
            )
        models.run("grouper_why", self.con)
        reasons = self._reasons()
        return [one | reason for one, reason in zip(self.results(), reasons, strict=True)]

    def _reasons(self) -> Iterator[dict[str, Any]]:
        for one in rows(
            self.con,
            """
            select
                drg_case.* exclude (id), result.content_nr, result.rule_nr, feature.category, feature.or_state,
                feature.level,
            from drg_case
            inner join grouped_case as result on result.case_nr = drg_case.case_nr
            inner join content_feature as feature on feature.content_nr = result.content_nr
            order by drg_case.case_nr
            """,
        ):
            number, content, rule = one.pop("case_nr"), one.pop("content_nr"), one.pop("rule_nr")
            yield {
                "case": one
                | {
                    "diagnoses": self._list(
                        "select code || if(second_code = '', '', '+' || second_code) from case_diagnosis"
                        " where case_nr = ? order by place",
                        number,
                    ),
                    "has_main": bool(self._list("select 1 from case_diagnosis where case_nr = ? and is_main", number)),
                    "procedures": self._list("select code from case_procedure where case_nr = ? order by all", number),
                },
                "features": rows(
                    self.con,
                    "select kind, value, codes from case_feature where case_nr = ? order by all",
                    [number],
                ),
                "criteria": rows(
                    self.con,
                    "select column_name as criterion, value from criterion_met"
                    " where content_nr = ? and rule_nr = ? order by all",
                    [content, rule],
                ),
                "nearest": rows(
                    self.con,
                    "select ord, drg, failed_column as criterion, failed_value as value from nearest_rule"
                    " where content_nr = ? and distance <= ? order by distance",
                    [content, NEAREST],
                ),
            }

    def _list(self, query: str, number: int) -> list[Any]:
        return [row[0] for row in self.con.execute(query, [number]).fetchall()]


@contextlib.contextmanager
def grouped(
    home: Path,
    id: str,
    fill: Callable[[duckdb.DuckDBPyConnection], Any],
    *,
    threads: int = THREADS,
    memory_limit: str = MEMORY_LIMIT,
    progress: Progress = silent,
) -> Iterator[Grouped]:
    """Cases grouped by a definition set. `fill` puts them into schema `given` (`cases.fill_file` and its like).

    Raises IsfError (no such set), InputRefused (the file of cases).
    """
    definitions = sets.opened_set(home, id)
    with (
        contextlib.closing(connect(threads=threads, memory_limit=memory_limit)) as con,
        spilling(con, home / sets.FOLDER),
    ):
        con.execute("set preserve_insertion_order = false")
        progress("cases", 1, 3)
        fill(con)
        progress("definition set", 2, 3)
        sets.load(definitions, con, "memory")
        progress("grouping", 3, 3)
        models.run("grouper_case", con)
        models.run("grouper", con)
        con.execute(
            """
            insert into case_finding
            select case_nr, 'no_rule' from grouped_case where rule_nr is null
            """
        )
        number = only_row(con, "select count(*) from grouped_case")[0]
        findings = dict(
            con.execute("select finding, count(*) from case_finding group by finding order by finding").fetchall()
        )
        yield Grouped(con, definitions, number, findings)


def single(
    *, sex: str, age_days: str, discharge: str, duration: str, main: str, secondary: list[str], procedures: list[str]
) -> cases.Case:
    """One case of the command line; an empty `main` is a case without main diagnosis."""
    return cases.Case(
        "1",
        sex,
        age_days,
        discharge,
        duration,
        " ".join([main.strip() or "*", *secondary]),
        " ".join(procedures),
    )
