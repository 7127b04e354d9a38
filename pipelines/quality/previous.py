"""A settlement against that of the delivery before: sums and distributions of the two warehouses' settlement tables,
judged by Great Expectations (`expectations/previous/`) on the models of `sql/quality_previous`, which hold those of
`sql/quality_settled`, made of each settlement, against each other.

The results hold numbers of both deliveries, so they are for the directorate alone: they stand on its page of checks.
All are warnings, and no publication depends on them.
"""

import contextlib
from pathlib import Path

import duckdb

from pipelines.checks import suites as expectations
from pipelines.engine import home as homes
from pipelines.engine import workspace
from pipelines.engine.models import run
from pipelines.publication import norwegian
from pipelines.quality import catalogue, measure
from pipelines.settlement import settled

SUITES = catalogue.FOLDER.parent / "previous"
STAGE, EACH = "quality_previous", "quality_settled"
TABLES = ("gjestepasienter_usladdet", "grunnlag", "oppgjor_hf", "oppgjor_rhf", "oppgjor_rhf_maned", "poeng_per_regel")


def judge(home: Path, delivery: str, *, unpublished: bool = False) -> list[expectations.Result]:
    """The results for a settled delivery, or with `unpublished` for what was computed of it last; none where no
    delivery before it is settled in the home. Raises IsfError where another version has settled one of them."""
    before = measure.compared_with(home, delivery).get("delivery")
    if before is None:
        return []
    with contextlib.closing(workspace.connect()) as con, workspace.of_this_version("the comparison"):
        settled.attach_file(con, homes.find_warehouse(home, delivery, unpublished=unpublished), "b")
        settled.attach(con, home, before, "a")
        return judge_attached(con)


def judge_attached(con: duckdb.DuckDBPyConnection) -> list[expectations.Result]:
    """The results for the database `b` against `a`."""
    for side, database in (("earlier", "a"), ("later", "b")):
        reading = {"delivery": f"{database}.landing.delivery"} | {name: f"{database}.main.{name}" for name in TABLES}
        with workspace.of_this_version("the settlement before"):
            run(EACH, con, into=f"memory.{side}", reading=reading)
    run(STAGE, con, into="memory")
    return expectations.validate(con, expectations.suites(SUITES))


def summary(results: list[expectations.Result], before: str) -> str:
    """The outcome in a sentence."""
    warnings = sum(not result.success for result in results)
    told = "ingen varsler" if not warnings else f"{norwegian.number(warnings)} av {len(results)} kontroller varsler"
    return f"Mot forrige leveranse, {before}: {told}."


def not_compared(before: str) -> str:
    """The same where the delivery before cannot be read."""
    return f"Mot forrige leveranse, {before}: kunne ikke sammenlignes."
