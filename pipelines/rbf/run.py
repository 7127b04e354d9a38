"""`isf rbf`: the indicators of a settled delivery and the allocation per region; of two deliveries, the change too.

The settled warehouses are attached read-only; nothing is written into them.
"""

import contextlib
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.engine import workspace
from pipelines.engine.models import model, models, run
from pipelines.engine.progress import Progress, silent
from pipelines.engine.version import program_version
from pipelines.errors import InputRefused
from pipelines.publication import manifest, result
from pipelines.rbf import nki, page, scheme, text
from pipelines.settlement import settled

ALLOCATION = ("rbf_fordeling", "rbf_rhf", "rbf_hf")
CHANGE = ("rbf_endring",)


@dataclass(frozen=True)
class Outcome:
    """What a run gave: the folder, and what to print."""

    path: Path
    unchanged: bool
    text: str


def allocate(
    home: Path,
    deliveries: list[str],
    nki_file: Path,
    *,
    year: int | None = None,
    threads: int = workspace.THREADS,
    memory_limit: str = workspace.MEMORY_LIMIT,
    progress: Progress = silent,
) -> Outcome:
    """Compute and place `<home>/rbf/<year>_<deliveries>/`.

    `deliveries`: one settled delivery, or two: the preliminary allocation is that of the first, the final that of the
    last. `year`: of the scheme; default the year whose scheme is computed from the deliveries' activity year.
    Raises InputRefused with every problem found, and nothing is written.
    """
    settled.require(home, deliveries, "RBF")
    if not 1 <= len(deliveries) <= 2:
        raise InputRefused("RBF", [f"{len(deliveries)} deliveries; name one, or the preliminary and the final."])
    with contextlib.closing(workspace.connect(threads=threads, memory_limit=memory_limit)) as con:
        sides = [settled.attach(con, home, name, f"activity_{number}") for number, name in enumerate(deliveries)]
        chosen = _scheme(year, {side["year"] for side in sides})
        regions = {row["rhf_orgnr"]: row["rhf"] for row in chosen.tables["basis_grant"]}
        file_rows = nki.read(nki_file, regions)
        for number in range(len(deliveries)):
            _one(con, f"allocation_{number}", f"activity_{number}", chosen, file_rows, progress)
        tables = _tables(con, len(deliveries))
        facts = {
            "scheme": {"year": chosen.year, "assumptions": list(chosen.assumptions), "source": chosen.source},
            "deliveries": [settled.manifest_entry(con, side) for side in sides],
            "inputs": [{"file": nki_file.name, "sha256": manifest.sha256_of(nki_file)}],
            "program": program_version(),
        }
        title = f"Resultatbasert finansiering {chosen.year}"
        placed = result.place(
            con,
            home / "rbf",
            "_".join([str(chosen.year), *deliveries]),
            tables,
            facts,
            created=max(side["period_to"] for side in sides),
            title=title,
            summary=text.summary(tables, chosen, deliveries),
            words={"indikator": {row["indicator"]: row["short_no"] for row in chosen.tables["indicator"]}.get},
            pages=lambda: {"rbf.html": page.build(tables, chosen, deliveries, facts, title)},
        )
        return Outcome(placed.path, placed.unchanged, text.allocation(tables, chosen, deliveries))


def _scheme(year: int | None, activity_years: set[int]) -> scheme.Scheme:
    if len(activity_years) > 1:
        raise InputRefused("RBF", ["The deliveries are of different activity years. Name deliveries of one year."])
    (activity_year,) = activity_years
    chosen = scheme.read(year or activity_year + 1)
    if chosen.activity_year != activity_year:
        raise InputRefused(
            f"RBF {chosen.year}",
            [
                f"The scheme of {chosen.year} is computed from activity of {chosen.activity_year}, the delivery is of"
                f" {activity_year}. Name a delivery of {chosen.activity_year}, or another scheme with --year."
            ],
        )
    return chosen


def _one(
    con: duckdb.DuckDBPyConnection,
    database: str,
    activity: str,
    chosen: scheme.Scheme,
    file_rows: list[tuple[str, int, int]],
    progress: Progress,
) -> None:
    """The indicators and the allocation of one activity in a database in memory."""
    con.execute(f"attach ':memory:' as {database}")
    with workspace.inside(con, database):
        scheme.fill(chosen, con)
        nki.fill(file_rows, con)
    reading = {"ref": f"{activity}.ref", "episode": f"{activity}.episode", "service": f"{activity}.service"}
    run("rbf", con, into=database, reading=reading, progress=progress)
    _check(con, database, chosen)
    run("rbf_allocation", con, into=database, reading={"ref": reading["ref"]}, progress=progress)


def _check(con: duckdb.DuckDBPyConnection, database: str, chosen: scheme.Scheme) -> None:
    """Every indicator has a numerator and denominator for every region."""
    lacking = workspace.rows(
        con,
        f"""
        select indicator.indicator, grant_of.rhf
        from {database}.rbf.indicator as indicator
        cross join {database}.rbf.basis_grant as grant_of
        left join {database}.achievement as achievement
            on achievement.indicator = indicator.indicator
            and achievement.rhf_orgnr = grant_of.rhf_orgnr
            and achievement.hf_orgnr is null
        where coalesce(achievement.denominator, 0) = 0
        order by indicator.position, grant_of.rhf""",
    )
    if lacking:
        raise InputRefused(
            f"RBF {chosen.year}",
            [
                f"Indicator {row['indicator']} has no data for {row['rhf']}: the delivery has no contact, stay or"
                " service of it in the basis for ISF. Name a delivery that holds the region's activity."
                for row in lacking
            ],
        )


def _tables(con: duckdb.DuckDBPyConnection, deliveries: int) -> list[result.ResultTable]:
    """The tables to publish: the last allocation, and of two the change between them."""
    names = list(ALLOCATION)
    con.execute(f"use allocation_{deliveries - 1}")
    if deliveries > 1:
        con.execute("attach ':memory:' as change")
        reading = {"rbf_fordeling": "allocation_1.rbf_fordeling", "earlier": "allocation_0.rbf_fordeling"}
        run("rbf_change", con, into="change", reading=reading)
        con.execute("create or replace view rbf_endring as select * from change.rbf_endring")
        names += CHANGE
    stages = {one.name for one in models("rbf_allocation")}
    return result.tables_of(con, [model(name, "rbf_allocation" if name in stages else "rbf_change") for name in names])
