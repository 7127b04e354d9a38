"""`isf compare A B`: two settled deliveries of one year, unit by unit, every change under one cause.

Both warehouses are attached read-only. Where the rule set, the source of the DRG or the program differ, the earlier
delivery is settled again in memory under the later's rules, so that the effect of the rules is a part of its own.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipelines.compare import view
from pipelines.compare.words import cause
from pipelines.engine import workspace
from pipelines.engine.models import model, run
from pipelines.engine.progress import Progress, silent
from pipelines.engine.version import program_version
from pipelines.errors import InputRefused
from pipelines.publication import result
from pipelines.settlement import settled

TABLES = ("sammenligning", "sammenligning_rhf", "sammenligning_hf", "sammenligning_maned", "sammenligning_enhet")
LARGE = ("sammenligning_enhet",)
# What the comparison reads of a settlement.
TARGETS = (
    "ledger",
    "stay",
    "stay_episode",
    "service",
    "service_candidate",
    "pathway",
    "pathway_member",
    "prescription",
)


@dataclass(frozen=True)
class Outcome:
    """What a run gave: the folder, and what to print."""

    path: Path
    unchanged: bool
    text: str


def compare(
    home: Path,
    earlier: str,
    later: str,
    *,
    threads: int = workspace.THREADS,
    memory_limit: str = workspace.MEMORY_LIMIT,
    progress: Progress = silent,
    tell: Callable[[str], None] = settled.unheard,
) -> Outcome:
    """Compute and place `<home>/comparisons/<earlier>_<later>/`.

    The deliveries are ids of settled deliveries of one year; of different tertials, the months that both hold are
    compared. Raises InputRefused with every problem found, and nothing is written.
    """
    settled.require(home, [earlier, later], "The comparison")
    if earlier == later:
        raise InputRefused("The comparison", [f"{earlier} is named twice. Name two deliveries."])
    with contextlib.closing(workspace.connect(threads=threads, memory_limit=memory_limit)) as con:
        con.execute("set preserve_insertion_order = false")
        con.execute(f"set temp_directory = {workspace.literal(home / 'warehouse' / '.comparison-spill')}")
        sides = [settled.attach(con, home, name, alias) for name, alias in ((earlier, "a"), (later, "b"))]
        if sides[0]["year"] != sides[1]["year"]:
            raise InputRefused(
                "The comparison",
                [f"{earlier} is of {sides[0]['year']}, {later} of {sides[1]['year']}. Compare deliveries of one year."],
            )
        again = "a"
        if settled.differing(*sides):
            again = settled.again(con, sides[0], sides[1], TARGETS, "The comparison", progress, tell)
        con.execute("attach ':memory:' as work")
        reading = {
            "earlier": "a.main",
            "earlier_landing": "a.landing",
            "later": "b.main",
            "later_landing": "b.landing",
            "later_ref": "b.ref",
            "again": f"{again}.main",
        }
        run("compare", con, into="work", reading=reading, progress=progress)
        con.execute("use work")
        tables = result.tables_of(con, [model(name, "compare") for name in TABLES], LARGE)
        shown = view.read(con, sides, tables)
        facts = {"deliveries": [settled.manifest_entry(con, side) for side in sides], "program": program_version()}
        placed = result.place(
            con,
            home / "comparisons",
            f"{earlier}_{later}",
            tables,
            facts,
            created=max(side["period_to"] for side in sides),
            title=shown.title,
            summary=view.summary(shown),
            words={"arsak": cause},
            pages=lambda: {"sammenligning.html": view.page(shown, facts)},
        )
        return Outcome(placed.path, placed.unchanged, view.text(shown))
