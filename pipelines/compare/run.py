"""`isf compare A B`: two settled deliveries of one year, unit by unit, every change under one cause.

Both warehouses are attached read-only. Where the rule set, the source of the DRG or the program differ, the earlier
delivery is settled again in memory under the later's rules, so that the effect of the rules is a part of its own.
"""

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.compare import view
from pipelines.engine import home as homes
from pipelines.engine import workspace
from pipelines.engine.models import WAY, model, needed, run
from pipelines.engine.progress import Progress, silent
from pipelines.engine.version import program_version
from pipelines.errors import InputRefused
from pipelines.publication import result

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
) -> Outcome:
    """Compute and place `<home>/comparisons/<earlier>_<later>/`.

    The deliveries are ids of settled deliveries of one year; of different tertials, the months that both hold are
    compared. Raises InputRefused with every problem found, and nothing is written.
    """
    there = sorted(path.stem for path in (home / "warehouse").glob("[!.]*.duckdb"))
    faults = [
        f"There is no settled delivery {name} under {home}; there are: {', '.join(there) or 'none'}."
        for name in dict.fromkeys((earlier, later))
        if name not in there
    ]
    if not faults and earlier == later:
        faults.append(f"{earlier} is named twice. Name two deliveries.")
    if faults:
        raise InputRefused("The comparison", faults)
    with contextlib.closing(workspace.connect(threads=threads, memory_limit=memory_limit)) as con:
        con.execute("set preserve_insertion_order = false")
        con.execute(f"set temp_directory = {workspace.literal(home / 'warehouse' / '.comparison-spill')}")
        sides = [_attached(con, home, name, alias) for name, alias in ((earlier, "a"), (later, "b"))]
        if sides[0]["year"] != sides[1]["year"]:
            raise InputRefused(
                "The comparison",
                [f"{earlier} is of {sides[0]['year']}, {later} of {sides[1]['year']}. Compare deliveries of one year."],
            )
        again = _again(con, *sides, progress)
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
        facts = {"deliveries": [_facts(con, side) for side in sides], "program": program_version()}
        placed = result.place(
            con,
            home / "comparisons",
            f"{earlier}_{later}",
            tables,
            facts,
            created=max(side["period_to"] for side in sides),
            title=shown.title,
            summary=view.summary(shown),
            pages=lambda: {"sammenligning.html": view.page(shown, facts)},
        )
        return Outcome(placed.path, placed.unchanged, view.text(shown))


def _attached(con: duckdb.DuckDBPyConnection, home: Path, name: str, alias: str) -> dict[str, Any]:
    workspace.attach(con, homes.warehouse(home, name), alias)
    (side,) = workspace.rows(
        con,
        f"""
        select delivery.delivery, delivery.year, delivery.tertial, delivery.delivery_number, delivery.period_from,
            delivery.period_to, ruleset.ruleset, ruleset.status, ruleset.sha256
        from {alias}.landing.delivery as delivery, {alias}.ref.ruleset as ruleset""",
    )
    (option,) = workspace.rows(con, f"select * from {alias}.ref.run_option")
    return {**side, "alias": alias, "drg_source": option["drg_source"], "program": option.get("program")}


def _again(con: duckdb.DuckDBPyConnection, earlier: dict, later: dict, progress: Progress) -> str:
    """The database that holds the earlier delivery under the later's rules: its own where nothing differs."""
    alike = ("sha256", "drg_source", "program")
    if all(earlier[key] == later[key] for key in alike) and later["program"] == program_version()["source_sha256"]:
        return "a"
    con.execute("attach ':memory:' as resettled")
    run(
        WAY,
        con,
        into="resettled",
        reading={"landing": "a.landing", "ref": "b.ref"},
        only=[one.name for one in needed(TARGETS)],
        progress=progress,
    )
    return "resettled"


def _facts(con: duckdb.DuckDBPyConnection, side: dict) -> dict[str, Any]:
    files = workspace.rows(con, f"select file, sha256 from {side['alias']}.landing.row_account order by file")
    return {
        "delivery": side["delivery"],
        "ruleset": side["ruleset"],
        "ruleset_sha256": side["sha256"],
        "drg_source": side["drg_source"],
        "settled_by": side["program"],
        "files": files,
    }
