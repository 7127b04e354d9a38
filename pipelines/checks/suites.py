"""The expectations: what must hold of a settlement, as data in `expectations/`, judged by Great Expectations.

    start_import()                   import Great Expectations in the background while DuckDB computes
    results = validate(con)          every expectation against a built warehouse
    blocking_failures(results)       sentences; not empty = do not publish
    page(results, run)               kontroller.html, the results for people (Norwegian)

Belongs here: the suites as data and the results as data. Great Expectations itself is in `expectations_gx`;
its import costs seconds, so nothing here imports it before `validate`. It sees small frames only: what is
counted over rows of single units is counted in SQL, by the query of the suite.
"""

import importlib
import threading
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

FOLDER = Path(__file__).resolve().parents[2] / "expectations" / "settlement"
SEVERITIES = ("blocking", "warning")
_KEYS = {
    "suite": {"name", "title", "text", "frame"},
    "frame": {"name", "title", "query", "key", "show_values", "expect"},
    "expect": {"id", "type", "kwargs", "severity", "paragraph", "text", "unit"},
}
_REQUIRED = {
    "suite": {"name", "title", "text", "frame"},
    "frame": {"name", "title", "query", "expect"},
    "expect": {"id", "type", "kwargs", "severity", "paragraph", "text"},
}


@dataclass(frozen=True)
class Expectation:
    """One expectation.

    `kind`: its name in Great Expectations; `text`: what is expected and why; `unit`: of the judged value.
    """

    id: str
    kind: str
    kwargs: dict[str, Any] = field(hash=False)
    severity: str
    paragraph: str
    text: str
    unit: str

    @property
    def blocking(self) -> bool:
        """Whether money would be wrong, so that nothing may be published."""
        return self.severity == "blocking"

    @property
    def column(self) -> str:
        """The column or columns it is about, as text; empty for the whole table."""
        names = [self.kwargs.get(name) for name in ("column", "column_A", "column_B")]
        listed = self.kwargs.get("column_list", []) if "unique" in self.kind else []
        return ", ".join([name for name in names if name] + list(listed))


@dataclass(frozen=True)
class Frame:
    """A small table to judge. `name`: the warehouse tables it is about; `key`: the columns that name a row.

    `show_values` is false where a row may rest on few patients: then only keys are ever reported.
    """

    name: str
    title: str
    query: str
    key: tuple[str, ...]
    show_values: bool
    expectations: tuple[Expectation, ...]


@dataclass(frozen=True)
class Suite:
    """One file of `expectations/settlement/`."""

    name: str
    title: str
    text: str
    frames: tuple[Frame, ...]


@dataclass(frozen=True)
class Result:
    """The outcome of one expectation: plain data, the same for the same warehouse.

    `table`: the tables looked at; `observed`: what was found, in Norwegian, with a few keys of aggregated
    rows at most, never an id of a person or unit; `unexpected_count`: failing rows of the frame, or 1.
    """

    suite: str
    expectation: str
    kind: str
    table: str
    column: str
    paragraph: str
    description: str
    success: bool
    blocking: bool
    observed: str
    unexpected_count: int


@cache
def suites(folder: Path = FOLDER) -> tuple[Suite, ...]:
    """All suites in the order of their files. Raises ValueError naming file and fault of a bad suite."""
    found = tuple(_suite(path) for path in sorted(folder.glob("*.toml")))
    ids = [expectation.id for expectation in expectations(found)]
    doubled = sorted({name for name in ids if ids.count(name) > 1})
    if doubled:
        raise ValueError(f"{folder}: ids used twice: {', '.join(doubled)}. Give each expectation its own.")
    return found


def expectations(of: Iterable[Suite] | None = None) -> tuple[Expectation, ...]:
    """All expectations, in order."""
    chosen = suites() if of is None else of
    return tuple(e for suite in chosen for frame in suite.frames for e in frame.expectations)


def _suite(path: Path) -> Suite:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path.name}: {error}") from error
    _check("suite", content, path)
    frames = tuple(_frame(raw, path) for raw in content["frame"])
    return Suite(content["name"], content["title"], content["text"], frames)


def _frame(raw: dict, path: Path) -> Frame:
    _check("frame", raw, path)
    found = tuple(_expectation(entry, path) for entry in raw["expect"])
    key = tuple(raw.get("key", ()))
    return Frame(raw["name"], raw["title"], raw["query"].strip(), key, raw.get("show_values", True), found)


def _expectation(raw: dict, path: Path) -> Expectation:
    _check("expect", raw, path)
    if raw["severity"] not in SEVERITIES:
        known = " or ".join(SEVERITIES)
        raise ValueError(f"{path.name}: {raw['id']}: severity is {raw['severity']!r}, it must be {known}")
    return Expectation(
        id=raw["id"],
        kind=raw["type"],
        kwargs=raw["kwargs"],
        severity=raw["severity"],
        paragraph=raw["paragraph"],
        text=raw["text"],
        unit=raw.get("unit", ""),
    )


def _check(what: str, raw: dict, path: Path) -> None:
    unknown, missing = raw.keys() - _KEYS[what], _REQUIRED[what] - raw.keys()
    if unknown or missing:
        name = raw.get("id") or raw.get("name") or what
        faults = [f"unknown key {key}" for key in sorted(unknown)]
        faults += [f"{key} is missing" for key in sorted(missing)]
        raise ValueError(f"{path.name}: {what} {name}: {'; '.join(faults)}")


def start_import() -> None:
    """Begin importing Great Expectations in the background; a failure shows when `validate` is called."""
    threading.Thread(target=_import_quietly, name="import great_expectations", daemon=True).start()


def _import_quietly() -> None:
    try:
        importlib.import_module("pipelines.checks.gx")
    except Exception:
        return  # validate() imports again and raises where somebody listens


def validate(con: duckdb.DuckDBPyConnection, only: Iterable[Suite] | None = None) -> list[Result]:
    """Judge a built warehouse by all suites, or by `only` some; the results come in the order of the files.

    What cannot be read or judged counts as failed. Nothing is written, nothing leaves the machine.
    """
    from pipelines.checks.gx import judge

    chosen = suites() if only is None else tuple(only)
    return [result for suite in chosen for frame in suite.frames for result in judge(con, suite, frame)]


def blocking_failures(results: Iterable[Result]) -> list[str]:
    """One sentence per failed expectation that stops publication."""
    return [_sentence(result) for result in results if result.blocking and not result.success]


def warnings(results: Iterable[Result]) -> list[str]:
    """One sentence per failed expectation that stops nothing."""
    return [_sentence(result) for result in results if not result.blocking and not result.success]


def _sentence(result: Result) -> str:
    return f"{result.description} (§{result.paragraph}, {result.table}: {result.observed})"


def page(results: list[Result], run: dict[str, Any]) -> bytes:
    """`kontroller.html` for the results; `run` as `pipelines.settlement.run.run_facts` gives it."""
    from pipelines.checks.page import build

    return build(results, run).encode("utf-8")
