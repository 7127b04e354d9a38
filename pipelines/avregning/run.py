"""`isf avregning`: the year's final delivery and the directorate's decisions → what each RHF gets or pays back."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from pipelines.avregning import decisions, view
from pipelines.engine import home as homes
from pipelines.engine import workspace
from pipelines.engine.models import model, run
from pipelines.engine.progress import Progress, silent
from pipelines.engine.version import program_version
from pipelines.publication import folder, manifest, result
from pipelines.settlement import settled

TABLES = ("oppgjor_ar", "korreksjon", "akonto_maned")
SINCE_LAST_YEAR = ("endring_fra_ifjor", "kodingsandeler")
FINAL = "{year}-T3-2"
FOLDER = "avregninger"


@dataclass(frozen=True)
class Outcome:
    """What a run gave: the folder, and what to print."""

    path: Path
    unchanged: bool
    text: str


def avregning(
    home: Path,
    year: int,
    decided: Path,
    *,
    threads: int = workspace.THREADS,
    memory_limit: str = workspace.MEMORY_LIMIT,
    progress: Progress = silent,
    tell: Callable[[str], None] = settled.unheard,
) -> Outcome:
    """Compute and place `<home>/avregninger/<year>/`.

    The final delivery of the third tertial must be settled; last year's, where it is, gives the change by part.
    Raises InputRefused with every problem found, and nothing is written.
    """
    delivery, before = FINAL.format(year=year), FINAL.format(year=year - 1)
    settled.require(home, [delivery], f"The final settlement of {year}")
    with contextlib.closing(workspace.connect(threads=threads, memory_limit=memory_limit)) as con:
        con.execute("set preserve_insertion_order = false")
        sides = [settled.attach(con, home, delivery, "wh")]
        regions = {number for (number,) in con.execute("select rhf_orgnr from wh.main.region").fetchall()}
        trusts = {number for (number,) in con.execute("select hf_orgnr from wh.ref.trust").fetchall()}
        decision = decisions.read(decided, year, regions, trusts)
        con.execute("attach ':memory:' as work")
        with workspace.inside(con, "work"):
            decisions.fill(decision, con)
        run("avregning", con, into="work", reading={"settled": "wh.main", "settled_landing": "wh.landing"})
        chosen = [model(name, "avregning") for name in TABLES]
        if homes.warehouse(home, before).is_file():
            sides.append(settled.attach(con, home, before, "last"))
            _change(con, sides[1], sides[0], progress, tell)
            chosen += [model(name, "avregning_endring") for name in SINCE_LAST_YEAR]
        con.execute("use work")
        tables = result.tables_of(con, chosen)
        closed, closings = _closed(con, home, year, decision)
        shown = view.read(con, year, sides, tables, decision, closed)
        facts = {
            "deliveries": [settled.manifest_entry(con, side) for side in sides],
            "inputs": [{"file": decided.name, "sha256": manifest.sha256_of(decided)}, *closings],
            "program": program_version(),
        }
        placed = result.place(
            con,
            home / FOLDER,
            str(year),
            tables,
            facts,
            created=sides[0]["period_to"],
            title=f"Avregning {year}",
            summary=view.summary(shown),
            words=view.WORDS,
            pages=lambda: view.pages(shown, facts),
        )
        return Outcome(placed.path, placed.unchanged, view.text(shown))


def _closed(
    con: duckdb.DuckDBPyConnection, home: Path, closing: int, decision: decisions.Decisions
) -> tuple[dict[tuple[int, str], Decimal], list[dict[str, str]]]:
    """Unit prices by which earlier years of the corrections were closed in this home, by its newest closing of each;
    and the files that say so, for the manifest."""
    found: dict[tuple[int, str], Decimal] = {}
    read = []
    for year in sorted({correction[4] for correction in decision.corrections if correction[4] < closing}):
        if closings := folder.revisions(home / FOLDER, str(year)) if (home / FOLDER).is_dir() else {}:
            table = closings[max(closings)] / "oppgjor_ar.parquet"
            rows = con.execute(f"select distinct sektor, enhetspris from read_parquet({workspace.literal(table)})")
            found |= {(year, sector): price for sector, price in rows.fetchall()}
            read.append({"file": f"{table.parent.name}/{table.name}", "sha256": manifest.sha256_of(table)})
    return found, read


def _change(
    con: duckdb.DuckDBPyConnection, last: dict, this: dict, progress: Progress, tell: Callable[[str], None]
) -> None:
    """Last year's activity settled again under this year's rules, the change in four parts, and how both were coded."""
    again = settled.again(con, last, this, ("ledger",), "The final settlement", progress, tell)
    run(
        "avregning_endring",
        con,
        into="work",
        reading={
            "last_year": "last.main",
            "last_year_ref": "last.ref",
            "last_year_landing": "last.landing",
            "again": f"{again}.main",
            "this_year": "wh.main",
            "this_year_ref": "wh.ref",
            "this_year_landing": "wh.landing",
        },
        progress=progress,
    )
