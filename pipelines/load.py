"""A delivery folder → the tables of schema `landing`, or a refusal that names every problem at once.

What belongs here: the order of the work and the whole-delivery checks. The contract itself is in
`pipelines/contract.py`; for users it is described in `docs/delivery.md`. No row's content is ever reported
through `progress` or a log.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from pipelines.contract import OPTIONAL, TABLES, VALUE, Table
from pipelines.errors import DeliveryRefused, IsfError
from pipelines.load_csv import Unreadable
from pipelines.load_files import MANIFEST, Folder, check_claims, inspect_folder, sha_of
from pipelines.load_rows import create_empty, load_table
from pipelines.load_source import Source, open_source, read_through
from pipelines.load_sql import accepts

Periods = Callable[[int, int], tuple[date, date]]


@dataclass(frozen=True)
class FileAccount:
    """One file of a delivery and what became of its rows; `rows_in` = `rows_loaded` + `rows_quarantined`."""

    table: str
    path: Path
    format: str
    bytes: int
    sha256: str
    rows_in: int
    rows_loaded: int
    rows_quarantined: int


@dataclass(frozen=True)
class DeliveryInfo:
    """A loaded delivery. `period_to` is the last day of the period; `produced` is None if not given."""

    delivery: str
    year: int
    tertial: int
    delivery_number: int
    period_from: date
    period_to: date
    produced: date | None
    files: tuple[FileAccount, ...]
    unknown_files: tuple[str, ...]
    unknown_columns: tuple[tuple[str, str], ...]


def load_delivery(
    folder: str | Path,
    con: duckdb.DuckDBPyConnection,
    periods: Periods,
    progress: Callable[[str], None] | None = None,
) -> DeliveryInfo:
    """Validate a delivery and create schema `landing` in `con` (an existing one is replaced).

    `periods(year, tertial)` gives first and last day of the period, or raises DeliveryRefused or
    RulesetInvalid for a year without rules. `progress` is told the name and the row count of each file.
    Raises DeliveryRefused with all problems found; the connection then has no schema `landing`.
    """
    found = inspect_folder(Path(folder), periods)
    with ThreadPoolExecutor(1) as pool:
        hashes = {t: pool.submit(sha_of, f.path) for t, f in found.files.items()}
        sources = _open_all(found, con)
        done: set[str] = set()
        if not found.problems:
            _create_tables(con)
            try:
                for table in TABLES:
                    _load_one(con, table, sources.get(table.name), progress)
                    done.add(table.name)
            except Unreadable as fault:
                found.problems.append(f"{sources[table.name].file.path.name}: {fault}")
                done.add(table.name)
        if found.problems:
            _read_the_rest(found, sources, done, con)
        for table, source in sources.items():
            found.problems.extend(check_claims(source.file, source.rows, hashes[table].result()))
        if found.problems:
            con.execute("drop schema if exists landing cascade")
            _drop_helpers(con)
            raise DeliveryRefused(found.name, found.problems)
        return _account(con, found, sources, hashes)


def _create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """The tables of schema `landing` that hold the account of a delivery."""
    con.execute(
        """drop schema if exists landing cascade;
        create schema landing;
        create table landing.delivery (delivery varchar, year integer, tertial integer,
            delivery_number integer, period_from date, period_to date, produced date);
        create table landing.quarantine (file varchar, line bigint, reason varchar, column_name varchar,
            value varchar, row_content json, further varchar);
        create table landing.unparsed (file varchar, line bigint, column_name varchar, value varchar);
        create table landing.row_account (file varchar, format varchar, rows_in bigint, rows_loaded bigint,
            rows_quarantined bigint, share_quarantined decimal(9, 6), bytes bigint, sha256 varchar);
        create table landing.unknown_column (file varchar, column_name varchar);
        create table landing.unknown_file (file varchar);
        create or replace temp table quarantined_episode (id varchar);"""
    )


def _drop_helpers(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("drop table if exists temp.quarantined_episode; drop table if exists temp.duplicate")


def _open_all(found: Folder, con: duckdb.DuckDBPyConnection) -> dict[str, Source]:
    """Open every table file and compare its columns with the contract; problems go to `found.problems`."""
    sources = {}
    for table in TABLES:
        if file := found.files.get(table.name):
            try:
                source = open_source(file, con)
            except Unreadable as fault:
                found.problems.append(f"{file.path.name}: {fault}")
                continue
            sources[table.name] = source
            found.problems.extend(f"{file.path.name}: {p}" for p in _column_problems(table, source))
    return sources


def _column_problems(table: Table, source: Source) -> list[str]:
    problems = []
    names = [d.name for d in source.columns]
    required = [c.name for c in table.columns if c.need != OPTIONAL]
    if len(names) == 1 and not set(names) & set(required):
        return [
            "has one column only. Separate the fields with ; and write the column names on the first line"
        ]
    for column in table.columns:
        given = [d.type for d in source.columns if d.name == column.name]
        if not given and column.need != OPTIONAL:
            near = [n for n in names if n.lower() == column.name.lower()]
            hint = f" (found {near[0]}; upper and lower case matter)" if near else ""
            remedy = "with a value in every row" if column.need == VALUE else "its values may be empty"
            problems.append(f"column {column.name} is missing{hint}. Add the column, {remedy}")
        elif len(given) > 1:
            problems.append(f"column {column.name} occurs {len(given)} times in the header. Keep one of them")
        elif given and (wrong := accepts(given[0])):
            problems.append(f"column {column.name} {wrong}")
    return problems


def _load_one(
    con: duckdb.DuckDBPyConnection,
    table: Table,
    source: Source | None,
    progress: Callable[[str], None] | None,
) -> None:
    if source is None:
        create_empty(con, table)
        return
    load_table(con, table, source)
    if progress:
        progress(f"{source.file.path.name}: {source.rows} rows read")


def _read_the_rest(
    found: Folder, sources: dict[str, Source], done: set[str], con: duckdb.DuckDBPyConnection
) -> None:
    """The delivery is refused already: read the other files to tell their problems in the same message."""
    for table, source in list(sources.items()):
        if table in done:
            continue
        try:
            read_through(source, con)
        except Unreadable as fault:
            found.problems.append(f"{source.file.path.name}: {fault}")
            del sources[table]


def _account(
    con: duckdb.DuckDBPyConnection, found: Folder, sources: dict[str, Source], hashes: dict[str, Future]
) -> DeliveryInfo:
    """Write the row about the delivery and the account of rows per file, which must be even."""
    con.execute(
        "insert into landing.delivery values (?, ?, ?, ?, ?, ?, ?)",
        [found.name, found.year, found.tertial, found.number, *found.period, found.produced],
    )
    if found.produced_unparsed is not None:
        con.execute(
            "insert into landing.unparsed values (?, 1, 'produced', ?)", [MANIFEST, found.produced_unparsed]
        )
    counts = " union all ".join(f"select '{t}', count(*) from landing.{t}" for t in sources)
    loaded = dict(con.execute(counts).fetchall())
    set_aside = dict(con.execute("select file, count(*) from landing.quarantine group by file").fetchall())
    accounts = []
    for table, source in sources.items():
        file, bad = source.file, set_aside.get(table, 0)
        if loaded[table] + bad != source.rows:
            raise IsfError(
                f"{file.path.name}: {source.rows} rows in, but {loaded[table]} loaded and {bad} quarantined. "
                "This is an error of the program; nothing was settled"
            )
        account = FileAccount(
            table, file.path, file.format, file.bytes, hashes[table].result(), source.rows, loaded[table], bad
        )
        accounts.append(account)
    accounted = ", ".join(
        f"('{a.table}', '{a.format}', {a.rows_in}, {a.rows_loaded}, {a.rows_quarantined}, {_share(a)}, "
        f"{a.bytes}, '{a.sha256}')"
        for a in accounts
    )
    con.execute(f"insert into landing.row_account values {accounted}")
    unknown = []
    for table in TABLES:
        if source := sources.get(table.name):
            unknown += [(table.name, d.name) for d in source.columns if table.column(d.name) is None]
    if unknown:
        con.executemany("insert into landing.unknown_column values (?, ?)", unknown)
    if found.unknown_files:
        con.executemany("insert into landing.unknown_file values (?)", [[n] for n in found.unknown_files])
    _drop_helpers(con)
    return DeliveryInfo(
        found.name, found.year, found.tertial, found.number, *found.period, found.produced,
        tuple(accounts), tuple(found.unknown_files), tuple(unknown),
    )  # fmt: skip


def _share(account: FileAccount) -> str:
    """Quarantined rows as a share of the file, six decimals."""
    return f"{account.rows_quarantined / account.rows_in:.6f}" if account.rows_in else "0"
