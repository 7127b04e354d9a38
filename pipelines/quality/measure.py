"""Measuring: every check's SQL on a settled warehouse, which is attached read-only, into a database of its own.

`<home>/quality/<delivery>.duckdb` holds what was found (`check_row`, `macro_value`, `check_error`) and the tables of
`sql/quality_fact`: who is judged, and what the results were made from. Thresholds and answers are no part of it: see
`judge`. A check that fails to run is filed in `check_error`; the others go on.
"""

import contextlib
import re
from pathlib import Path

import duckdb

from pipelines.engine import home as homes
from pipelines.engine import workspace
from pipelines.engine.models import models, run
from pipelines.engine.progress import Progress, silent
from pipelines.quality import catalogue

# The database in memory where the warehouse's tables stand as views, and the checks' own beside them.
DESK = "desk"
_FOUND = """
    create table result.main.check_row (check_id varchar, row_type varchar, row_key varchar, sector varchar,
        hf_orgnr varchar, institution_id varchar, unit_id varchar, month varchar, value varchar,
        points_at_stake decimal(18, 3));
    create table result.main.macro_value (check_id varchar, hf_orgnr varchar, sector varchar, month varchar,
        numerator decimal(24, 3), denominator decimal(24, 3), points_at_stake decimal(18, 3));
    create table result.main.check_error (check_id varchar, message varchar);
"""
# Reported values are shown as they came, but never a text of any length.
_ROWS = """insert into result.main.check_row
    select ?, row_type, row_key, sector, coalesce(hf_orgnr, ''), institution_id, unit_id, month,
        left(value, 80), cast(points_at_stake as decimal(18, 3))
    from {found}"""
_MACRO = """insert into result.main.macro_value
    select ?, hf_orgnr, sector, month, numerator, denominator, points_at_stake from {found}"""


def order(delivery: str) -> tuple[int, ...]:
    """Year, tertial and number of a delivery's name, for sorting; a name of another form sorts first."""
    match = re.fullmatch(r"(\d{4})-T(\d)-(\d+)", delivery)
    return tuple(int(part) for part in match.groups()) if match else ()


def earlier_deliveries(home: Path, delivery: str) -> list[str]:
    """The settled deliveries before this one, oldest first."""
    settled = [path.stem for path in homes.settled(home)]
    return sorted((name for name in settled if order(name) and order(name) < order(delivery)), key=order)


def compared_with(home: Path, delivery: str) -> dict[str, str]:
    """`delivery`: the one before this; `year`: that of the same tertial a year before (its last). Absent if none."""
    earlier, found = earlier_deliveries(home, delivery), {}
    if earlier:
        found["delivery"] = earlier[-1]
    same = [name for name in earlier if order(name)[:2] == (order(delivery)[0] - 1, order(delivery)[1])]
    if same:
        found["year"] = same[-1]
    return found


def measure(
    home: Path,
    delivery: str,
    *,
    unpublished: bool = False,
    threads: int = workspace.THREADS,
    memory_limit: str = workspace.MEMORY_LIMIT,
    progress: Progress = silent,
) -> Path:
    """Run all checks on a settled delivery, unless its results are there and still hold; the database's path.

    `unpublished`: on what was computed last and not published. Raises DeliveryUnknown when the delivery is not there.
    """
    warehouse = homes.find_warehouse(home, delivery, unpublished=unpublished)
    target = homes.quality(home, delivery, unpublished=unpublished)
    stamp = _stamp(home, delivery, warehouse)
    if target.is_file() and _stamp_of(target) == stamp:
        return target
    with (
        workspace.building(target) as (path, put_in_place),
        workspace.desk(path.with_name(f"{path.name}.tmp"), threads=threads, memory_limit=memory_limit) as con,
    ):
        workspace.attach(con, path, "result", read_only=False)
        workspace.attach(con, warehouse, "wh")
        con.execute(f"attach ':memory:' as {DESK}")
        _run(con, home, delivery, stamp, progress)
        con.execute("checkpoint result")
        con.execute("detach result")
        put_in_place()
    return target


def _stamp(home: Path, delivery: str, warehouse: Path) -> str:
    """What the results depend on: the warehouse as it lies, the checks, and which delivery is the earlier one."""
    state = warehouse.stat()
    earlier = compared_with(home, delivery).get("delivery", "")
    return f"{state.st_size} {state.st_mtime_ns} {catalogue.measure_sha256()} {earlier}"


def _stamp_of(path: Path) -> str | None:
    try:
        with contextlib.closing(workspace.connect(path, read_only=True)) as con:
            found = con.execute("select stamp from info").fetchone()
            return found[0] if found else None
    except duckdb.Error:
        return None


def _run(con: duckdb.DuckDBPyConnection, home: Path, delivery: str, stamp: str, progress: Progress) -> None:
    helpers, checks = len(models(catalogue.HELPERS)), catalogue.checks()
    steps = helpers + len(checks)
    with workspace.inside(con, DESK):
        workspace.fill(con, "check_parameter", catalogue.PARAMETER, catalogue.parameter_rows())
        workspace.fill(
            con, "measurement", "stamp varchar, checks_sha256 varchar", [(stamp, catalogue.measure_sha256())]
        )
        _earlier_units(con, home, delivery)
    run(
        catalogue.HELPERS,
        con,
        into=DESK,
        reading={"*": "wh"},
        progress=lambda name, number, _: progress(name, number, steps),
    )
    con.execute(_FOUND)
    for number, check in enumerate(checks, helpers + 1):
        progress(check.id, number, steps)
        _check(con, check)
    kept = run(catalogue.FACTS, con, into=DESK, reading={"check_row": "result.main.check_row"})
    workspace.keep(con, kept, DESK, "result")


def _check(con: duckdb.DuckDBPyConnection, check: catalogue.Check) -> None:
    """Run a check and file what it finds, or that it failed to run."""
    try:
        run(catalogue.CHECKS, con, into=DESK, only=[check.id])
        found = f"{DESK}.main.{check.id}"
        con.execute((_MACRO if check.is_macro else _ROWS).format(found=found), [check.id])
        con.execute(f"drop table {found}")
    except duckdb.Error as error:
        # DuckDB quotes values in its messages: only the kind of error is kept.
        con.execute("insert into result.main.check_error values (?, ?)", [check.id, type(error).__name__])


def _earlier_units(con: duckdb.DuckDBPyConnection, home: Path, delivery: str) -> None:
    """`earlier_unit`: the units of the delivery before this; empty if there is none."""
    con.execute("create table earlier_unit (hf_orgnr varchar, unit_id varchar)")
    earlier = compared_with(home, delivery).get("delivery")
    if earlier:
        workspace.attach(con, homes.warehouse(home, earlier), "before")
        con.execute("insert into earlier_unit select distinct hf_orgnr, unit_id from before.main.episode")
        con.execute("detach before")
