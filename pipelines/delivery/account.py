"""The account of a delivery: what it is, which files it had, and what became of every row.

What belongs here: the tables of schema `landing` that are not a file's rows; the same facts for the caller.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from pipelines.delivery.contract import TABLES
from pipelines.delivery.folder import MANIFEST, Folder
from pipelines.delivery.source import Source
from pipelines.engine.workspace import identifier
from pipelines.errors import IsfError


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


def create_account(con: duckdb.DuckDBPyConnection) -> None:
    """The tables of schema `landing` that hold the account of a delivery."""
    con.execute(
        """drop schema if exists landing cascade;
        create schema landing;
        create table landing.delivery (delivery varchar, year integer, tertial integer,
            delivery_number integer, period_from date, period_to date, produced date);
        create table landing.quarantine (file varchar, line bigint, reason varchar, column_name varchar,
            value varchar, row_content json, further varchar, row_id varchar, patient_id varchar);
        create table landing.unparsed (file varchar, line bigint, column_name varchar, value varchar, row_key varchar);
        create table landing.value_account (file varchar, column_name varchar, values_given bigint,
            values_unparsed bigint);
        create table landing.row_account (file varchar, format varchar, rows_in bigint, rows_loaded bigint,
            rows_quarantined bigint, share_quarantined decimal(9, 6), bytes bigint, sha256 varchar);
        create table landing.unknown_column (file varchar, column_name varchar);
        create table landing.unknown_file (file varchar);
        create or replace temp table quarantined_episode (id varchar);"""
    )


def drop_account(con: duckdb.DuckDBPyConnection) -> None:
    """Take back everything that was loaded of a delivery."""
    con.execute("drop schema if exists landing cascade")
    _drop_helpers(con)


def _drop_helpers(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("drop table if exists temp.quarantined_episode; drop table if exists temp.duplicate")


def write_account(
    con: duckdb.DuckDBPyConnection, found: Folder, sources: dict[str, Source], sums: dict[str, str]
) -> DeliveryInfo:
    """Write the row about the delivery and the account of rows per file. `sums`: sha256 per table."""
    if found.year is None or found.tertial is None or found.number is None or found.period is None:
        raise IsfError(f"{found.name}: a delivery without year, tertial, number or period cannot be loaded")
    con.execute(
        "insert into landing.delivery values (?, ?, ?, ?, ?, ?, ?)",
        [found.name, found.year, found.tertial, found.number, *found.period, found.produced],
    )
    if found.produced_unparsed is not None:
        con.execute(
            "insert into landing.unparsed values (?, 1, 'produced', ?, null)", [MANIFEST, found.produced_unparsed]
        )
    _count_values(con)
    accounts = _count_rows(con, sources, sums)
    accounted = ", ".join(
        f"('{a.table}', '{a.format}', {a.rows_in}, {a.rows_loaded}, {a.rows_quarantined}, {_share(a)}, "
        f"{a.bytes}, '{a.sha256}')"
        for a in accounts
    )
    con.execute(f"insert into landing.row_account values {accounted}")
    unknown = [
        (table.name, delivered.name)
        for table in TABLES
        for delivered in (sources[table.name].columns if table.name in sources else [])
        if table.column(delivered.name) is None
    ]
    if unknown:
        con.executemany("insert into landing.unknown_column values (?, ?)", unknown)
    if found.unknown_files:
        con.executemany("insert into landing.unknown_file values (?)", [[n] for n in found.unknown_files])
    _drop_helpers(con)
    return DeliveryInfo(
        delivery=found.name,
        year=found.year,
        tertial=found.tertial,
        delivery_number=found.number,
        period_from=found.period[0],
        period_to=found.period[1],
        produced=found.produced,
        files=tuple(accounts),
        unknown_files=tuple(found.unknown_files),
        unknown_columns=tuple(unknown),
    )


def _count_rows(con: duckdb.DuckDBPyConnection, sources: dict[str, Source], sums: dict[str, str]) -> list[FileAccount]:
    """The account of every file; rows in that are neither loaded nor quarantined stop the run."""
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
        accounts.append(
            FileAccount(table, file.path, file.format, file.bytes, sums[table], source.rows, loaded[table], bad)
        )
    return accounts


def _count_values(con: duckdb.DuckDBPyConnection) -> None:
    """The account of the optional columns with values that could not be parsed: how many, of how many given."""
    counted = con.execute(
        "select file, column_name, count(*) from landing.unparsed where file <> ? group by all order by all", [MANIFEST]
    ).fetchall()
    for table, column, unparsed in counted:
        con.execute(
            f"insert into landing.value_account select ?, ?, count({identifier(column)}) + ?, ? from landing.{table}",
            [table, column, unparsed, unparsed],
        )


def _share(account: FileAccount) -> str:
    """Quarantined rows as a share of the file, six decimals."""
    return f"{account.rows_quarantined / account.rows_in:.6f}" if account.rows_in else "0"
