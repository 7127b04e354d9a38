"""The published tables of the delivery contract, section 2, and how they are written. A table is its SQL file: columns
and order from the final select, key, types and meanings from the header."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb

from pipelines.engine.models import Model, columns_of, model_in
from pipelines.engine.workspace import literal
from pipelines.errors import IsfError

ROW_GROUP_ROWS = 122_880
STAGE = "publication"


@dataclass(frozen=True)
class Table:
    """One published table: its SQL file. A suppressed row loses the columns in `hides`. `personal`: rows of single
    patients under pseudonym; such a table is written as Parquet only, into the ledger and not into the published
    folder."""

    model: Model

    @property
    def name(self) -> str:
        return self.model.name

    @property
    def warehouse(self) -> str:
        """The relation that holds all of it: the table of the way, or what the file selects from others."""
        return f"({self.model.sql})" if self.model.stage == STAGE else f"main.{self.name}"

    @property
    def hides(self) -> tuple[str, ...]:
        """The columns that a suppressed row loses, from `-- hides:`."""
        return tuple(column.strip() for column in self.model.header.get("hides", "").split(",") if column)

    @property
    def source(self) -> str:
        """The relation that is published: the warehouse's table, or what `suppress` has made of it."""
        return f"temp.main.public_{self.name}" if self.hides else self.warehouse

    @property
    def title(self) -> str:
        """Norwegian, from `-- title:`."""
        return self.model.header["title"]

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that name a row, from `-- key:`."""
        return tuple(column.strip() for column in self.model.header["key"].split(","))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns in the order of every file: that of the final select."""
        return columns_of(self.model.sql)

    def type_of(self, column: str) -> str:
        """The DuckDB type of a column, from its `-- column` line; a column without one is no column of the contract."""
        return self.model.header.get(f"type {column}", "(not described)")

    @property
    def personal(self) -> bool:
        return self.model.header.get("personal") == "yes"


TABLES = (
    Table(model_in("70_settlement", "oppgjor_rhf")),
    Table(model_in("70_settlement", "oppgjor_hf")),
    Table(model_in(STAGE, "gjestepasienter")),
    Table(model_in("70_settlement", "oppgjor_rhf_maned")),
    Table(model_in("70_settlement", "oppgjor_hf_maned")),
    Table(model_in("70_settlement", "poeng_per_regel")),
    Table(model_in("70_settlement", "poengposter")),
    Table(model_in("70_settlement", "grunnlag")),
)


def table(name: str) -> Table:
    """The published table of that name."""
    return next(t for t in TABLES if t.name == name)


PUBLIC = tuple(spec for spec in TABLES if not spec.personal)


def suppress(con: duckdb.DuckDBPyConnection, hidden: frozenset[str]) -> None:
    """Make the tables that are published: every row stays, those whose id is in `hidden` lose their numbers.

    A row's id is its table's name and its key, a bar between them, as the models of `sql/disclosure/` make it.
    """
    con.execute("create or replace temp table hidden_row (row_id varchar)")
    if hidden:
        con.executemany("insert into hidden_row values (?)", [[row] for row in sorted(hidden)])
    for spec in (spec for spec in PUBLIC if spec.hides):
        keys = ", ".join(f"coalesce({column}, '')" for column in spec.key)
        row_id = f"concat_ws('|', '{spec.name}', {keys})"
        emptied = ", ".join(f"if({row_id} in (from hidden_row), null, {column}) as {column}" for column in spec.hides)
        columns = ", ".join(spec.columns)
        con.execute(
            f"create or replace temp table public_{spec.name} as"
            f" select {columns} from (select * replace ({emptied}) from {spec.warehouse})"
        )


def check_columns(con: duckdb.DuckDBPyConnection) -> None:
    """Refuses a table whose columns and types are not those that its SQL file describes."""
    for spec in TABLES:
        _check(con, spec)


def _check(con: duckdb.DuckDBPyConnection, spec: Table) -> None:
    found = [f"{row[0]} {row[1]}" for row in con.execute(f"describe select * from {spec.warehouse}").fetchall()]
    expected = [f"{column} {spec.type_of(column)}" for column in spec.columns]
    if sorted(found) != sorted(expected):
        raise IsfError(
            f"Table {spec.name} cannot be published by the delivery contract. "
            f"Missing: {', '.join(sorted(set(expected) - set(found))) or 'nothing'}. "
            f"Not in the contract: {', '.join(sorted(set(found) - set(expected))) or 'nothing'}. "
            f"Remedy: correct {spec.name}.sql in sql/{spec.model.stage}/."
        )


def ordered_select(spec: Table) -> str:
    """The table in the contract's column order, sorted by its unique key: the same rows give the same
    bytes."""
    keys = ", ".join(f"{column} nulls first" for column in spec.key)
    return f"select {', '.join(spec.columns)} from {spec.source} order by {keys}"


def write_parquet(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Writes the rows of a query as Parquet (zstd, fixed row groups): where it orders them by a unique key, identical
    bytes at any number of threads.

    The sort spills to disk where memory is short: 10 M rows of `poengposter` take about 10 s and
    2.7 GB on two cores, and as long with 2.3 GB under a memory limit of 2 GB.
    """
    options = f"format parquet, compression zstd, row_group_size {ROW_GROUP_ROWS}"
    con.execute(f"copy ({query}) to {literal(path)} ({options})")


@dataclass(frozen=True)
class Rows:
    """A small table in memory. `numeric`: per column, whether its values are numbers."""

    columns: list[str]
    types: list[str]
    numeric: list[bool]
    rows: list[tuple]

    def dicts(self) -> list[dict]:
        """One dict per row."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def row_count(con: duckdb.DuckDBPyConnection, source: str) -> int:
    """How many rows a table has."""
    return con.execute(f"select count(*) from {source}").fetchall()[0][0]


_TEXT_LIKE = ("VARCHAR", "DATE", "TIMESTAMP", "BOOLEAN", "ENUM")


def read(con: duckdb.DuckDBPyConnection, query: str) -> Rows:
    """The result of a query whose result is small."""
    cursor = con.execute(query)
    types = [str(column[1]) for column in cursor.description]
    columns = [column[0] for column in cursor.description]
    numeric = [not kind.upper().startswith(_TEXT_LIKE) for kind in types]
    return Rows(columns, types, numeric, cursor.fetchall())
