"""The stays of a settled delivery grouped by definition tables, beside their delivered DRGs."""

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.engine import home as homes
from pipelines.engine import workspace
from pipelines.engine.models import model, run
from pipelines.engine.progress import Progress, silent
from pipelines.engine.version import program_version
from pipelines.grouper import sets, units
from pipelines.publication import result
from pipelines.regroup import view
from pipelines.settlement import settled

TABLES = (
    "omgruppering",
    "omgruppering_hf",
    "omgruppering_arsak",
    "omgruppering_funn",
    "omgruppering_opphold",
)
LARGE = ("omgruppering_opphold",)
FOLDER = "regroupings"
WORK = "work"


@dataclass(frozen=True)
class Outcome:
    """What a run gave: the folder, and what to print."""

    path: Path
    unchanged: bool
    text: str


def regroup(
    home: Path,
    delivery: str,
    id: str,
    *,
    warehouse: Path | None = None,
    threads: int = workspace.THREADS,
    memory_limit: str = workspace.MEMORY_LIMIT,
    progress: Progress = silent,
) -> Outcome:
    """Group every stay of a settled delivery and place `<home>/regroupings/<delivery>-<id>/`.

    `warehouse`: another file than the delivery's own, where it was not published. Raises InputRefused (not settled),
    IsfError (no such definition tables).
    """
    if warehouse is None:
        settled.require(home, [delivery], "Grouping anew")
    definitions = sets.opened_set(home, id)
    with contextlib.closing(workspace.connect(threads=threads, memory_limit=memory_limit)) as con:
        con.execute("set preserve_insertion_order = false")
        with workspace.spilling(con, home / FOLDER):
            side = _attach(con, home, delivery, warehouse)
            con.execute(f"attach ':memory:' as {WORK}")
            _group(con, definitions, progress)
            reading = {"settled": "wh.main", "settled_landing": "wh.landing", "settled_ref": "wh.ref"}
            run("regroup", con, into=WORK, reading=reading, progress=progress)
            con.execute(f"use {WORK}")
            return _placed(con, home, side, definitions)


def _attach(con: duckdb.DuckDBPyConnection, home: Path, delivery: str, warehouse: Path | None) -> dict[str, Any]:
    if warehouse is None or warehouse == homes.warehouse(home, delivery):
        return settled.attach(con, home, delivery, "wh")
    return settled.attach_file(con, warehouse, "wh")


def _group(con: duckdb.DuckDBPyConnection, definitions: sets.DefinitionSet, progress: Progress) -> None:
    """Schema `regrouped` of the work database: the warehouse's own where it was settled by these very tables."""
    with workspace.inside(con, WORK):
        units.prepare(con, units.Regrouping(definitions))
    known = con.execute("select definitions_sha256 from wh.regrouped.option").fetchone()
    if known == (definitions.sha256,):
        for name in ("stay_drg", "stay_finding"):
            con.execute(f"create or replace table {WORK}.regrouped.{name} as select * from wh.regrouped.{name}")
    else:
        units.group_stays(con, definitions, source="wh", into=WORK, progress=progress)


def _placed(
    con: duckdb.DuckDBPyConnection, home: Path, side: dict[str, Any], definitions: sets.DefinitionSet
) -> Outcome:
    tables = result.tables_of(con, [model(name, "regroup") for name in TABLES], LARGE)
    shown = view.read(side, definitions, tables)
    about = {"id": definitions.id, "year": definitions.year, "sha256": definitions.sha256}
    facts = {
        "deliveries": [settled.manifest_entry(con, side)],
        "definitions": about,
        "program": program_version(),
    }
    placed = result.place(
        con,
        home / FOLDER,
        f"{side['delivery']}-{definitions.id}",
        tables,
        facts,
        created=side["period_to"],
        title=f"Omgruppering {side['delivery']} med definisjonstabeller {definitions.id}",
        summary=view.summary(shown),
        words=view.WORDS,
        pages=lambda: {view.PAGE: view.page(shown, facts)},
    )
    return Outcome(placed.path, placed.unchanged, view.text(shown))
