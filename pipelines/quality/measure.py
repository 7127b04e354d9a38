"""Measuring: every check's SQL on a settled warehouse, which is attached read-only, into a database of its own.

`<home>/quality/<delivery>.duckdb` holds what was found (`check_row`, `macro_value`, `check_error`) and the tables of
`sql/quality_fact`: who is judged, and what the results were made from. Thresholds and answers are no part of it: see
`judge`. A check that fails to run is filed in `check_error`; the others go on.
"""

import contextlib
import itertools
import re
from functools import lru_cache
from pathlib import Path

import duckdb

from pipelines.engine import home as homes
from pipelines.engine import workspace
from pipelines.engine.models import WAY, models, needed, run
from pipelines.engine.progress import Progress, silent
from pipelines.grouper import units
from pipelines.quality import catalogue, registers

# The databases in memory: where the warehouse's tables stand as views with the checks' own beside them, and where the
# patients with findings are settled again.
DESK, TRIAL = "desk", "trial"
# A warehouse of another version, or a file that is none.
_NOT_THERE = (duckdb.CatalogException, duckdb.BinderException, duckdb.IOException)
_FOUND = """
    create table {desk}.main.found_row (check_id varchar, episode_nr bigint, dispensing_id varchar, unit_id varchar,
        file varchar, line bigint, partner_nr bigint, partner_id varchar, value varchar, proposed varchar);
    create table result.main.macro_value (check_id varchar, hf_orgnr varchar, sector varchar, month varchar,
        numerator decimal(24, 3), denominator decimal(24, 3), patients bigint, squares decimal(24, 3));
    create table result.main.check_error (check_id varchar, message varchar);
"""
_ROWS = "insert into {desk}.main.found_row by name select ? as check_id, * from {found}"
# Of a share also how many patients it is of (about), of a mean the sum of squares.
_MACRO = "insert into result.main.macro_value by name select ? as check_id, * from {found}"
# The check that reads the delivery before this.
_OF_EARLIER = "activity_at_new_units"
# What a trial needs of the way: the points of stays, services and pathways.
_POINTS = ("stay_points", "service_points", "pathway_points", "pathway_zeroing")
_READ_BY_CLONES = ("change", "clone", "clone_patient", "quarantined_episode", "quarantined_line")


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


def measured_before(home: Path, delivery: str) -> list[str]:
    """The deliveries before this one whose results are there and still hold, oldest first."""
    return [name for name in earlier_deliveries(home, delivery) if _holds(home, name, homes.warehouse(home, name))]


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

    `unpublished`: on what was computed last and not published. Raises DeliveryUnknown when the delivery is not there,
    IsfError where another version has settled it.
    """
    warehouse = homes.find_warehouse(home, delivery, unpublished=unpublished)
    target = homes.quality(home, delivery, unpublished=unpublished)
    if _holds(home, delivery, warehouse, unpublished=unpublished):
        return target
    stamp = _stamp(home, delivery, warehouse)
    with (
        workspace.of_this_version("the checks"),
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


def _holds(home: Path, delivery: str, warehouse: Path, *, unpublished: bool = False) -> bool:
    """Whether the results that lie there are those that measuring would give."""
    target = homes.quality(home, delivery, unpublished=unpublished)
    return target.is_file() and _stamp_of(target) == _stamp(home, delivery, warehouse)


def _stamp(home: Path, delivery: str, warehouse: Path) -> str:
    """What the results depend on: the warehouse as it lies, the checks, and the earlier delivery as it lies."""
    earlier = compared_with(home, delivery).get("delivery")
    before = f"{earlier} {_state(homes.warehouse(home, earlier))}" if earlier else ""
    return f"{_state(warehouse)} {catalogue.measure_sha256()} {registers.sha256(home)} {before}"


def _state(file: Path) -> str:
    state = file.stat()
    return f"{state.st_size} {state.st_mtime_ns}"


def _stamp_of(path: Path) -> str | None:
    try:
        return _stamp_in(path, _state(path))
    except duckdb.Error:
        return None


@lru_cache(maxsize=1000)
def _stamp_in(path: Path, state: str) -> str | None:
    """The stamp of the results as they lie: a report asks for those of each delivery many times."""
    with contextlib.closing(workspace.connect(path, threads=1, read_only=True)) as con:
        found = con.execute("select stamp from info").fetchone()
        return found[0] if found else None


def _run(con: duckdb.DuckDBPyConnection, home: Path, delivery: str, stamp: str, progress: Progress) -> None:
    helpers, checks = len(models(catalogue.HELPERS)), [check for check in catalogue.checks() if not check.counts]
    trials = [model.name for model in needed(_POINTS)]
    after = (catalogue.FINDINGS, catalogue.REPAIRS, catalogue.CLONES, catalogue.EFFECTS, catalogue.FACTS)
    steps = helpers + len(checks) + sum(len(models(stage)) for stage in after) + len(trials)
    counted = itertools.count(1)

    def step(name: str, *_: int) -> None:
        progress(name, next(counted), steps)

    with workspace.inside(con, DESK):
        workspace.fill(con, "check_parameter", catalogue.PARAMETER, catalogue.parameter_rows())
        registers.fill(con, home)
        workspace.fill(con, "check_repair", "check_id varchar, repair varchar", catalogue.repair_rows())
        workspace.fill(
            con, "measurement", "stamp varchar, checks_sha256 varchar", [(stamp, catalogue.measure_sha256())]
        )
        con.execute(_FOUND.format(desk=DESK))
        _earlier_units(con, home, delivery)
    run(catalogue.HELPERS, con, into=DESK, reading={"*": "wh"}, progress=step)
    with workspace.inside(con, DESK):
        for check in checks:
            step(check.id)
            _check(con, check)
    run(catalogue.FINDINGS, con, into=DESK, progress=step)
    _settle_again(con, trials, step)
    kept = run(catalogue.FACTS, con, into=DESK, progress=step)
    workspace.keep(con, kept, DESK, "result")


def _settle_again(con: duckdb.DuckDBPyConnection, models_of_way: list[str], step: Progress) -> None:
    """Put every finding right alone, settle its patients again and as they were, and file the difference.

    Each way of putting a finding right is a copy of its patients under ids of their own, so one run of the engine over
    all copies settles them all: nothing that is counted per patient reaches another.
    """
    run(catalogue.REPAIRS, con, into=DESK, progress=step)
    con.execute(f"attach ':memory:' as {TRIAL}")
    reading = {name: f"{DESK}.main.{name}" for name in _READ_BY_CLONES}
    run(catalogue.CLONES, con, into=f"{TRIAL}.landing", reading={"reported": "wh.landing", **reading}, progress=step)
    with workspace.inside(con, TRIAL):
        workspace.show(con, "ref", "wh.ref")
        units.prepare(con)
    run(WAY, con, into=TRIAL, only=models_of_way, progress=step)
    reading = {name: f"{DESK}.main.{name}" for name in _READ_BY_CLONES[:3]}
    run(catalogue.EFFECTS, con, into=TRIAL, reading=reading, progress=step)
    with workspace.inside(con, DESK):
        workspace.keep(con, ["finding_effect"], TRIAL, DESK)
    con.execute(f"detach {TRIAL}")


def _check(con: duckdb.DuckDBPyConnection, check: catalogue.Check) -> None:
    """Run a check and file what it finds, or that it failed to run."""
    try:
        run(catalogue.CHECKS, con, only=[check.id])
        con.execute((_MACRO if check.is_macro else _ROWS).format(found=check.id, desk=DESK), [check.id])
        con.execute(f"drop table {check.id}")
    except duckdb.Error as error:
        # DuckDB quotes values in its messages: only the kind of error is kept.
        con.execute("insert into result.main.check_error values (?, ?)", [check.id, type(error).__name__])


def _earlier_units(con: duckdb.DuckDBPyConnection, home: Path, delivery: str) -> None:
    """`earlier_unit`: the units of the delivery before this; empty if there is none. One that cannot be read is filed
    as an error of the check that reads it: this delivery is measured all the same."""
    con.execute("create table earlier_unit (hf_orgnr varchar, unit_id varchar)")
    earlier = compared_with(home, delivery).get("delivery")
    if not earlier:
        return
    try:
        workspace.attach(con, homes.warehouse(home, earlier), "before")
        try:
            # A unit that was reported and had no activity is not new either.
            con.execute("""insert into earlier_unit
                select hf_orgnr, unit_id from before.main.episode where hf_orgnr is not null and unit_id is not null
                union select hf, enhetID from before.landing.enhet where hf is not null""")
        finally:
            con.execute("detach before")
    except _NOT_THERE as error:
        con.execute("insert into result.main.check_error values (?, ?)", [_OF_EARLIER, type(error).__name__])
