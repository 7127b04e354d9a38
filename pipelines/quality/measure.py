"""Measuring: every check's SQL on a settled warehouse, which is attached read-only, into a database of its own.

`<home>/quality/<delivery>.duckdb` holds what was found (`check_row`, `check_denominator`, `macro_value`,
`check_error`), who is judged (`hospital`, `known_unit`) and what it was made from (`info`). Thresholds and answers
are no part of it: see `judge`. A check that fails to run is filed in `check_error`; the others go on.
"""

import contextlib
import os
import re
from collections.abc import Callable
from pathlib import Path

import duckdb

from pipelines.engine import home as homes
from pipelines.engine.models import Model
from pipelines.engine.workspace import attach, building, connect, literal
from pipelines.quality import catalogue

Progress = Callable[[str, int, int], None]

_TABLES = """
    create table result.main.check_row (check_id varchar, row_type varchar, row_key varchar, sector varchar,
        hf_orgnr varchar, institution_id varchar, unit_id varchar, month varchar, value varchar,
        points_at_stake decimal(18, 3));
    create table result.main.check_denominator (denominator varchar, sector varchar, hf_orgnr varchar,
        institution_id varchar, unit_id varchar, rows_counted bigint);
    create table result.main.macro_value (check_id varchar, hf_orgnr varchar, sector varchar, month varchar,
        numerator decimal(24, 3), denominator decimal(24, 3), points_at_stake decimal(18, 3));
    create table result.main.check_error (check_id varchar, message varchar);
"""
# Reported values are shown as they came, but never a text of any length.
_ROWS = """insert into result.main.check_row
    select '{id}', row_type, row_key, sector, coalesce(hf_orgnr, ''), institution_id, unit_id, month,
        left(value, 80), cast(points_at_stake as decimal(18, 3))
    from ({sql})"""
_MACRO = """insert into result.main.macro_value
    select '{id}', hf_orgnr, sector, month, numerator, denominator, points_at_stake from ({sql})"""
_DENOMINATOR = """insert into result.main.check_denominator
    select denominator, sector, coalesce(hf_orgnr, ''), institution_id, unit_id, rows_counted from ({sql})"""


def database(home: Path, delivery: str, *, unpublished: bool = False) -> Path:
    """Where the results of a delivery's checks are; those of a settlement that was not published lie apart."""
    folder = home / "quality"
    return (folder / "unpublished" if unpublished else folder) / f"{delivery}.duckdb"


def order(delivery: str) -> tuple[int, ...]:
    """Year, tertial and number of a delivery's name, for sorting; a name of another form sorts first."""
    match = re.fullmatch(r"(\d{4})-T(\d)-(\d+)", delivery)
    return tuple(int(part) for part in match.groups()) if match else ()


def earlier_deliveries(home: Path, delivery: str) -> list[str]:
    """The settled deliveries before this one, oldest first."""
    found = (path.stem for path in homes.settled(home))
    return sorted((name for name in found if order(name) and order(name) < order(delivery)), key=order)


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
    threads: int = 2,
    memory_limit: str = "8GB",
    progress: Progress | None = None,
) -> Path:
    """Run all checks on a settled delivery, unless its results are there and still hold; the database's path.

    `unpublished`: on what was computed last and not published. Raises DeliveryUnknown when the delivery is not there.
    """
    warehouse = homes.find_warehouse(home, delivery, unpublished=unpublished)
    target = database(home, delivery, unpublished=unpublished)
    stamp = _stamp(home, delivery, warehouse)
    if target.is_file() and _stamp_of(target) == stamp:
        return target
    with building(target) as (path, keep):
        with contextlib.closing(connect(threads=threads, memory_limit=memory_limit)) as con:
            con.execute(f"set temp_directory = {literal(f'{path}.tmp')}")
            con.execute("set preserve_insertion_order = false")
            attach(con, path, "result", read_only=False)
            os.chmod(path, 0o600)
            attach(con, warehouse, "wh")
            _run(con, home, delivery, stamp, progress)
            con.execute("checkpoint result")
        keep()
    return target


def _stamp(home: Path, delivery: str, warehouse: Path) -> str:
    """What the results depend on: the warehouse as it lies, the checks, and which delivery is the earlier one."""
    state = warehouse.stat()
    earlier = compared_with(home, delivery).get("delivery", "")
    return f"{state.st_size} {state.st_mtime_ns} {catalogue.measure_sha256()} {earlier}"


def _stamp_of(path: Path) -> str | None:
    try:
        with contextlib.closing(connect(path, read_only=True)) as con:
            return con.execute("select stamp from info").fetchone()[0]
    except (duckdb.Error, TypeError):
        return None


def _run(con: duckdb.DuckDBPyConnection, home: Path, delivery: str, stamp: str, progress: Progress | None) -> None:
    found = catalogue.check_models()
    steps = len(found) + len(catalogue.helpers())
    done = 0

    def tell(name: str) -> None:
        nonlocal done
        done += 1
        if progress:
            progress(name, done, steps)

    # Names without database are the warehouse's; the results are always written with their database's name.
    con.execute("use wh")
    con.execute(_TABLES)
    fill(con, "check_parameter", catalogue.PARAMETER, catalogue.parameter_rows())
    _earlier_units(con, home, delivery)
    for helper in catalogue.helpers():
        tell(helper.name)
        kind = "view" if helper.is_view else "table"
        _execute(con, f"create temp {kind} {helper.name} as\n{helper.sql}", helper)
    for model in catalogue.denominator_models():
        _execute(con, _DENOMINATOR.format(sql=model.sql), model)
    for check in catalogue.checks():
        tell(check.id)
        statement = (_MACRO if check.is_macro else _ROWS).format(id=check.id, sql=found[check.id].sql)
        try:
            con.execute(statement)
        except duckdb.Error as error:
            # DuckDB quotes values in its messages: only the kind of error is kept.
            con.execute("insert into result.main.check_error values (?, ?)", [check.id, type(error).__name__])
    _facts(con, delivery, stamp)


def _execute(con: duckdb.DuckDBPyConnection, statement: str, model: Model) -> None:
    try:
        con.execute(statement)
    except duckdb.Error as error:
        error.add_note(f"in model {model.name} ({model.path})")
        raise


def fill(con: duckdb.DuckDBPyConnection, table: str, columns: str, rows: list[tuple]) -> None:
    """Create (or replace) a temporary table and insert rows."""
    con.execute(f"create or replace temp table {table} ({columns})")
    if rows:
        con.executemany(f"insert into {table} values ({', '.join('?' * len(rows[0]))})", rows)


def _earlier_units(con: duckdb.DuckDBPyConnection, home: Path, delivery: str) -> None:
    """`earlier_unit`: the units of the delivery before this; empty if there is none."""
    con.execute("create temp table earlier_unit (hf_orgnr varchar, unit_id varchar)")
    earlier = compared_with(home, delivery).get("delivery")
    if earlier:
        attach(con, homes.warehouse(home, earlier), "before")
        con.execute("insert into earlier_unit select distinct hf_orgnr, unit_id from before.main.episode")
        con.execute("detach before")


def _facts(con: duckdb.DuckDBPyConnection, delivery: str, stamp: str) -> None:
    """Who is judged, by which prices, and what the results were made from."""
    con.execute("""
        create table result.main.nok_per_point as
        select sector, cast(unit_price_nok * isf_share as decimal(18, 6)) as nok_per_point from ref.unit_price""")
    con.execute("""
        create table result.main.hospital as
        with reporting as (
            select hf_orgnr from result.main.check_denominator where denominator <> 'unit' and hf_orgnr <> ''
            union
            select hf_orgnr from result.main.check_row where hf_orgnr <> ''),
        earned as (
            select unit_sum.hf_orgnr, sum(unit_sum.points) as points,
                sum(unit_sum.points * price.nok_per_point) as refund_nok
            from unit_sum inner join result.main.nok_per_point as price on price.sector = unit_sum.sector
            group by unit_sum.hf_orgnr)
        select reporting.hf_orgnr, provider.hf_name, provider.hf_type, provider.rhf_name,
            cast(coalesce(earned.points, 0) as decimal(18, 3)) as points,
            cast(coalesce(earned.refund_nok, 0) as decimal(28, 9)) as refund_nok
        from reporting
        inner join provider on provider.hf_orgnr = reporting.hf_orgnr
        left join earned on earned.hf_orgnr = reporting.hf_orgnr
        order by reporting.hf_orgnr""")
    con.execute("""
        create table result.main.known_unit as
        select enhetID as unit_id, hf as hf_orgnr, navn as unit_name from landing.enhet order by enhetID""")
    con.execute(
        """create table result.main.info as
        select ? as delivery, ? as stamp, ? as checks_sha256, delivery.year, delivery.tertial,
            delivery.delivery_number, delivery.period_from, delivery.period_to, delivery.produced,
            (select ruleset from ref.ruleset) as ruleset, (select status from ref.ruleset) as ruleset_status,
            (select sha256 from ref.ruleset) as ruleset_sha256
        from landing.delivery as delivery""",
        [delivery, stamp, catalogue.measure_sha256()],
    )
    con.execute("""
        create table result.main.input_file as
        select file, format, rows_in, rows_quarantined, sha256 from landing.row_account order by file""")
