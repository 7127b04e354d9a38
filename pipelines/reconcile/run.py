"""`isf reconcile`: a settled delivery beside NPK's own results, where the delivery carries them."""

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.engine import workspace
from pipelines.engine.models import model, run
from pipelines.engine.progress import Progress, silent
from pipelines.engine.version import program_version
from pipelines.errors import InputRefused
from pipelines.publication import folder, manifest, result
from pipelines.reconcile import view
from pipelines.regroup import run as regrouping
from pipelines.settlement import settled

TABLES = ("avstemming", "avstemming_hf", "avstemming_lesning", "avstemming_opphold")
LARGE = ("avstemming_opphold",)
COLUMNS = ("npkOppholdID", "npkOppholdDRG", "npkOppholdISFPoeng")


@dataclass(frozen=True)
class Outcome:
    """What a run gave: the folder, and what to print."""

    path: Path
    unchanged: bool
    text: str


def reconcile(
    home: Path,
    delivery: str,
    *,
    definitions: str | None = None,
    threads: int = workspace.THREADS,
    memory_limit: str = workspace.MEMORY_LIMIT,
    progress: Progress = silent,
) -> Outcome:
    """Compute and place `<home>/reconciliations/<delivery>/`.

    `definitions`: id of the definition tables by which its stays were grouped anew (`isf group --delivery`); a stay
    with another DRG at NPK is then told to be explained by that, or not.
    Raises InputRefused when the delivery is not settled, carries nothing of NPK's, or was not grouped anew as it is.
    """
    settled.require(home, [delivery], "The reconciliation")
    with contextlib.closing(workspace.connect(threads=threads, memory_limit=memory_limit)) as con:
        con.execute("set preserve_insertion_order = false")
        side = settled.attach(con, home, delivery, "wh")
        _require_columns(con, delivery)
        con.execute("attach ':memory:' as work")
        facts: dict[str, Any] = {"deliveries": [settled.manifest_entry(con, side)], "program": program_version()}
        if definitions:
            facts["definitions"] = _attach_regrouping(con, home, delivery, definitions, facts["deliveries"])
        else:
            _no_regrouping(con)
        reading = {"settled": "wh.main", "settled_landing": "wh.landing", "settled_ref": "wh.ref"}
        run("reconcile", con, into="work", reading=reading, progress=progress)
        con.execute("use work")
        tables = result.tables_of(con, [model(name, "reconcile") for name in TABLES], LARGE)
        shown = view.read(con, side, tables)
        placed = result.place(
            con,
            home / "reconciliations",
            delivery,
            tables,
            facts,
            created=side["period_to"],
            title=f"Avstemming mot NPK {delivery}",
            summary=view.summary(shown),
            words=view.WORDS,
            pages=lambda: {"avstemming.html": view.page(shown, facts)},
        )
        return Outcome(placed.path, placed.unchanged, view.text(shown))


def _require_columns(con: duckdb.DuckDBPyConnection, delivery: str) -> None:
    """Raises InputRefused where a column of NPK's has no value at all: no stay could agree."""
    counts = ", ".join(f"count({column})" for column in COLUMNS)
    given = workspace.only_row(con, f"select {counts} from wh.landing.episode")
    if missing := [column for column, count in zip(COLUMNS, given, strict=True) if not count]:
        raise InputRefused(
            "The reconciliation",
            [
                f"Delivery {delivery} carries no {' and no '.join(missing)}. Deliver the columns {', '.join(COLUMNS)}"
                " of the file episode, and settle again."
            ],
        )


def _no_regrouping(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create schema work.regrouping")
    con.execute("create table work.regrouping.stay (stay_id varchar, drg varchar)")


def _attach_regrouping(
    con: duckdb.DuckDBPyConnection, home: Path, delivery: str, definitions: str, settled_now: list[dict[str, Any]]
) -> dict[str, Any]:
    """`work.regrouping.stay` from the newest report of the delivery by these tables; what its manifest says of them.

    Raises InputRefused where there is none, or where it was made of the delivery as settled otherwise.
    """
    found = folder.revisions(home / regrouping.FOLDER, f"{delivery}-{definitions}")
    remedy = f"Run `isf group --delivery {delivery} --tables {definitions} --home {home}` first."
    if not found:
        there = f"{delivery} was not grouped anew by definition tables {definitions}"
        raise InputRefused("The reconciliation", [f"{there}. {remedy}"])
    newest = found[max(found)]
    made_from = json.loads((newest / manifest.NAME).read_text(encoding="utf-8"))
    compared = ("delivery", "ruleset_sha256", "drg_source", "files")
    if [[one[key] for key in compared] for one in made_from["deliveries"]] != [
        [one[key] for key in compared] for one in settled_now
    ]:
        raise InputRefused("The reconciliation", [f"{newest} is not of {delivery} as it is settled now. {remedy}"])
    con.execute("create schema work.regrouping")
    con.execute(
        "create table work.regrouping.stay as select opphold_id as stay_id, brukt_drg as drg"
        f" from read_parquet({workspace.literal(newest / 'omgruppering_opphold.parquet')})"
    )
    return made_from["definitions"]
