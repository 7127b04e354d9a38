"""DuckDB connections and what every job does with them: limits, attaching, views on another database, rows as dicts,
quoting, and building a database beside the one it replaces."""

import contextlib
import os
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from pipelines.engine import home as homes
from pipelines.engine import stop
from pipelines.errors import IsfError, OtherVersion

SQL_FOLDER = Path(__file__).resolve().parents[2] / "sql"
MOST_THREADS = 1024  # more than any machine has; far more would take the memory before anything is computed


def _threads(given: int | str) -> int:
    """The number of threads that is asked for. Raises IsfError for what no machine has."""
    if not re.fullmatch("[0-9]{1,4}", str(given)) or not 1 <= int(given) <= MOST_THREADS:
        raise IsfError(
            f"{str(given)!r:.40} threads are asked for (--threads, ISF_THREADS);"
            f" it must be a whole number, 1 to {MOST_THREADS}."
        )
    return int(given)


THREADS = _threads(os.environ.get("ISF_THREADS") or 2)  # of a computation where nothing else is said
MEMORY_LIMIT = "8GB"


def connect(
    database: str | Path = ":memory:",
    *,
    threads: int = THREADS,
    memory_limit: str = MEMORY_LIMIT,
    read_only: bool = False,
) -> duckdb.DuckDBPyConnection:
    """A connection with `threads` and `memory_limit` (e.g. `8GB`); a file database spills beside itself.

    Raises IsfError for a number of threads that no machine has.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": _threads(threads),
        "memory_limit": memory_limit,
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        # The newest storage format compresses text with a third less work; only this program opens the file.
        "storage_compatibility_version": "latest",
    }
    if str(database) != ":memory:":
        config["temp_directory"] = f"{database}.tmp"
    con = stop.interruptible(duckdb.connect(str(database), read_only=read_only, config=config))
    # DuckDB's own progress bar would come between the lines of what a command prints.
    con.execute("set enable_progress_bar = false")
    return con


def literal(value: object) -> str:
    """A text, path, number or date as an SQL literal."""
    return "'" + str(value).replace("'", "''").replace("\0", "' || chr(0) || '") + "'"


def identifier(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def rows(con: duckdb.DuckDBPyConnection, query: str, parameters: object = None) -> list[dict[str, Any]]:
    """The answer of a query as dictionaries, one per row."""
    cursor = con.execute(query, parameters or [])
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def only_row(con: duckdb.DuckDBPyConnection, query: str, parameters: object = None) -> tuple[Any, ...]:
    """The first row of a query that always has one."""
    found = con.execute(query, parameters or []).fetchone()
    assert found is not None, query
    return found


def fill(
    con: duckdb.DuckDBPyConnection,
    table: str,
    columns: str,
    content: Iterable[Iterable[object]],
    *,
    temporary: bool = False,
) -> None:
    """Make a small table from Python's rows. `columns`: names and types, as in `create table`.

    The values go as text of an Arrow table: bound ones would make DuckDB import pandas, and a statement of literals
    takes ten times as long to read.
    """
    made = f"create or replace {'temp ' if temporary else ''}table {table} ({columns})"
    given = [[None if value is None else str(value) for value in column] for column in zip(*content, strict=True)]
    if not given:
        con.execute(made)
        return
    import pyarrow

    names = [f"c{number}" for number in range(len(given))]
    given_rows = pyarrow.table([pyarrow.array(one, pyarrow.string()) for one in given], names)  # noqa: F841
    # DuckDB finds the variable by its name, in half the time that registering it takes.
    con.execute(f"{made}; insert into {table} from given_rows")


def make_plain(
    con: duckdb.DuckDBPyConnection,
    table: str,
    select: str,
    plain: Container[str],
    columns: Mapping[str, str] | None = None,
) -> None:
    """Make a table of a select whose columns `plain` are stored as they come, without a search for a compression.

    For texts of which no two are alike: compressing them costs four times as much as writing them. `columns` are the
    select's names and types, where they are known; else the select is asked for them.
    """
    (in_memory,) = only_row(con, "select path is null from duckdb_databases() where database_name = current_database()")
    if in_memory:  # nothing is compressed there
        con.execute(f"create or replace table {table} as {select}")
        return
    if columns is None:
        columns = {name: kind for name, kind, *_ in con.execute(f"describe {select}").fetchall()}
    declared = ", ".join(
        f"{identifier(name)} {kind}{' using compression uncompressed' if name in plain else ''}"
        for name, kind in columns.items()
    )
    con.execute(f"create or replace table {table} ({declared})")
    con.execute(f"insert into {table} {select}")


def attach(con: duckdb.DuckDBPyConnection, path: Path, name: str, *, read_only: bool = True) -> None:
    """Attach a database file under a name."""
    con.execute(f"attach {literal(path)} as {name}{' (read_only)' if read_only else ''}")


def keep(con: duckdb.DuckDBPyConnection, names: Iterable[str], source: str, target: str) -> None:
    """Write tables and views of the database `source` into the database `target`, as tables."""
    for name in names:
        con.execute(f"create or replace table {target}.main.{name} as select * from {source}.main.{name}")


@contextlib.contextmanager
def desk(
    spill: Path, *, threads: int = THREADS, memory_limit: str = MEMORY_LIMIT
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection whose own database is in memory, to read others from; what does not fit goes to `spill`, which
    is removed at the end. The models have total orders of their own, so DuckDB need not keep any in between."""
    with contextlib.closing(connect(threads=threads, memory_limit=memory_limit)) as con:
        con.execute(f"set temp_directory = {literal(spill)}")
        con.execute("set preserve_insertion_order = false")
        try:
            yield con
        finally:
            homes.remove(spill)


@contextlib.contextmanager
def spilling(con: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[None]:
    """What does not fit into memory is written below `folder`, to be read by its owner only, and removed at the end.

    A connection without a file would write it where the command was given.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = homes.building(folder, "spill")
    con.execute(f"set temp_directory = {literal(path)}")
    try:
        yield
    finally:
        homes.remove(path)


@contextlib.contextmanager
def inside(con: duckdb.DuckDBPyConnection, into: str | None) -> Iterator[None]:
    """Names without database (or schema) mean those of `into` meanwhile, which is made if it is a schema."""
    if into is None:
        yield
        return
    database, _, schema = into.partition(".")
    before = ".".join(map(identifier, only_row(con, "select current_database(), current_schema()")))
    if schema:
        con.execute(f"create schema if not exists {identifier(database)}.{identifier(schema)}")
    con.execute(f"use {identifier(database)}.{identifier(schema or 'main')}")
    try:
        yield
    finally:
        con.execute(f"use {before}")


def show(con: duckdb.DuckDBPyConnection, name: str, source: str, wanted: Iterable[str] = ()) -> None:
    """Views on what lies elsewhere, where the connection stands.

    `source` is the database all of whose tables are shown under their own names (`name` is then `*`), a schema as
    `database.schema`, whose tables are shown in the schema `name` (with the functions of `sql/SCHEMA.sql` where it
    keeps its name), or else a relation, which is shown as `name`. Of a schema the tables that `wanted` names are shown
    (`landing.episode`), or all where it names none.
    """
    if name == "*":
        # As text: a bound value would make DuckDB import pandas, which takes longer than all the views.
        here = f"where table_catalog = {literal(source)}"
        query = f"select distinct table_schema from information_schema.tables {here} order by all"
        for (schema,) in con.execute(query).fetchall():
            _show_schema(con, schema, source, schema, _tables(con, source, schema))
        return
    database, _, schema = source.partition(".")
    tables = [] if "." in schema else _chosen(name, schema, wanted) or _tables(con, database, schema)
    if tables:
        _show_schema(con, name, database, schema, tables)
    else:
        con.execute(f"create or replace view {name} as select * from {source}")


def _tables(con: duckdb.DuckDBPyConnection, database: str, schema: str) -> list[str]:
    """The tables and views of a schema."""
    there = f"table_catalog = {literal(database)} and table_schema = {literal(schema)}"
    query = f"select table_name from information_schema.tables where {there} order by all"
    return [table for (table,) in con.execute(query).fetchall()] if schema else []


def _chosen(name: str, schema: str, wanted: Iterable[str]) -> list[str]:
    """The tables of a schema that are wanted, and those that its functions read where one is wanted. The views on a
    whole rule set take DuckDB as long as models that read three of its tables."""
    asked = {one.partition(".")[2] for one in wanted if one.startswith(f"{name}.")}
    functions, read = _functions(name, schema)
    called = {one for one in asked if re.search(rf"\bmacro {schema}\.{one}\b", functions)}
    return sorted(asked - called | (read if called else frozenset()))


@cache
def _functions(name: str, schema: str) -> tuple[str, frozenset[str]]:
    """The functions that belong to a schema shown under a name, as SQL, and the tables of it that they read; nothing
    where it has none, or does not keep its name."""
    path = SQL_FOLDER / f"{schema}.sql"
    if name != schema or not path.exists():
        return "", frozenset()
    text = path.read_text(encoding="utf-8")
    return text, frozenset(re.findall(rf"\bfrom {schema}\.(\w+)", text))


def _show_schema(con: duckdb.DuckDBPyConnection, name: str, database: str, schema: str, tables: Iterable[str]) -> None:
    """Views in the schema `name` on tables of a schema elsewhere."""
    con.execute(f"create schema if not exists {identifier(name)}")
    for table in tables:
        relation = ".".join(map(identifier, (database, schema, table)))
        con.execute(f"create or replace view {identifier(name)}.{identifier(table)} as select * from {relation}")
    functions, read = _functions(name, schema)
    if functions and read <= set(tables):
        con.execute(functions)  # their text names their schema: they read the views here


def finish(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Close a database that was built, with all of it in its file and on the disk.

    Closing alone writes what is left and says nothing where the disk is full; so it is written first, and a log that
    stays behind is an error. Raises duckdb.Error or IsfError.
    """
    con.execute("checkpoint")
    con.close()
    on_disk(path)


def on_disk(path: Path) -> None:
    """Flush a closed database to the disk. Raises IsfError where a part of it is still in its log."""
    log = Path(f"{path}.wal")
    if log.exists() and log.stat().st_size:
        raise IsfError(f"{path} could not be finished: a part of it was not written. Nothing was replaced.")
    homes.flush(path)


@contextlib.contextmanager
def of_this_version(what: str) -> Iterator[None]:
    """A warehouse without the tables or columns that are asked for is another version's: OtherVersion says so."""
    try:
        yield
    except (duckdb.BinderException, duckdb.CatalogException) as error:
        raise OtherVersion(
            f"The warehouse does not fit {what}: the delivery was settled by another version of this program. "
            f"Settle it again. ({str(error).splitlines()[0]})"
        ) from error


@contextlib.contextmanager
def building(target: Path) -> Iterator[tuple[Path, Callable[..., None]]]:
    """A path beside `target` to build a database in; calling the second value puts it in place of `target` (or of
    another path, if given), once it is closed and whole (`finish`).

    Without that call (an error, Ctrl-C) the last good database stays and the half-built one is removed.
    """
    path = homes.building(homes.make(target.parent), target.name)
    homes.remove_with_logs(path)

    def put_in_place(instead: Path = target) -> None:
        os.chmod(path, 0o600)
        on_disk(path)
        homes.replace(path, instead)

    try:
        yield path, put_in_place
    finally:
        homes.remove_with_logs(path)
