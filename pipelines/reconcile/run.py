"""`isf reconcile`: a settled delivery beside NPK's own results, where the delivery carries them."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

from pipelines.engine import workspace
from pipelines.engine.models import model, run
from pipelines.engine.progress import Progress, silent
from pipelines.engine.version import program_version
from pipelines.errors import InputRefused
from pipelines.publication import result
from pipelines.reconcile import view
from pipelines.settlement import settled

TABLES = ("avstemming", "avstemming_hf", "avstemming_lesning", "avstemming_opphold")
LARGE = ("avstemming_opphold",)


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
    threads: int = workspace.THREADS,
    memory_limit: str = workspace.MEMORY_LIMIT,
    progress: Progress = silent,
) -> Outcome:
    """Compute and place `<home>/reconciliations/<delivery>/`.

    Raises InputRefused when the delivery is not settled or carries nothing of NPK's.
    """
    settled.require(home, [delivery], "The reconciliation")
    with contextlib.closing(workspace.connect(threads=threads, memory_limit=memory_limit)) as con:
        con.execute("set preserve_insertion_order = false")
        side = settled.attach(con, home, delivery, "wh")
        (given,) = workspace.only_row(con, "select count(npkOppholdID) from wh.landing.episode")
        if not given:
            raise InputRefused(
                "The reconciliation",
                [
                    f"Delivery {delivery} carries no npkOppholdID. Deliver the columns npkOppholdID, npkOppholdDRG and"
                    " npkOppholdISFPoeng of the file episode, and settle again."
                ],
            )
        con.execute("attach ':memory:' as work")
        reading = {"settled": "wh.main", "settled_landing": "wh.landing", "settled_ref": "wh.ref"}
        run("reconcile", con, into="work", reading=reading, progress=progress)
        con.execute("use work")
        tables = result.tables_of(con, [model(name, "reconcile") for name in TABLES], LARGE)
        shown = view.read(con, side, tables)
        facts = {"deliveries": [settled.manifest_entry(con, side)], "program": program_version()}
        placed = result.place(
            con,
            home / "reconciliations",
            delivery,
            tables,
            facts,
            created=side["period_to"],
            title=f"Avstemming mot NPK {delivery}",
            summary=view.summary(shown),
            pages=lambda: {"avstemming.html": view.page(shown, facts)},
        )
        return Outcome(placed.path, placed.unchanged, view.text(shown))
