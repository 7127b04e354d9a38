"""The published tables of the delivery contract, section 2, and how they are written. A table is its SQL file: columns
and order from the final select, key, types and meanings from the header."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb

from pipelines.engine.models import Model, columns_of, model_in
from pipelines.errors import IsfError
from pipelines.publication import suppress

ROW_GROUP_ROWS = 122_880
GUESTS = "temp.main.gjestepasienter"


@dataclass(frozen=True)
class Table:
    """One published table: its SQL file. `source`: what it is read from. `personal`: rows of single patients under
    pseudonym; such a table is written as Parquet only and stays out of the workbook."""

    model: Model
    source: str

    @property
    def name(self) -> str:
        return self.model.name

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
    Table(model_in("70_settlement", "oppgjor_rhf"), "main.oppgjor_rhf"),
    Table(model_in("70_settlement", "oppgjor_hf"), "main.oppgjor_hf"),
    Table(model_in("publication", "gjestepasienter"), GUESTS),
    Table(model_in("70_settlement", "poengposter"), "main.poengposter"),
    Table(model_in("70_settlement", "grunnlag"), "main.grunnlag"),
)


def table(name: str) -> Table:
    """The published table of that name."""
    return next(t for t in TABLES if t.name == name)


def minimum_patients(con: duckdb.DuckDBPyConnection) -> int:
    """The smallest number of patients a published cell may rest on (rule 3.9, `min_patients_published`)."""
    (least,) = con.execute("select min_patients from publication_limit").fetchone()
    if least is None:
        raise IsfError(
            "The rule set has no parameter min_patients_published under rule 3.9 (§3.9), so small numbers "
            "cannot be hidden. Remedy: add it to rules.toml of the rule set."
        )
    return least


def build_guest_matrix(con: duckdb.DuckDBPyConnection) -> suppress.Suppression:
    """Makes the temporary table `gjestepasienter` from `gjestepasienter_usladdet`: every row stays, hidden
    ones empty."""
    rows = con.execute(
        "select sektor, coalesce(hf_orgnr, ''), coalesce(bosted_rhf_orgnr, ''), antall_pasienter, "
        "antall_opphold, isf_poeng from main.gjestepasienter_usladdet"
    ).fetchall()
    result = suppress.suppress([suppress.Cell(*row) for row in rows], minimum_patients(con))
    con.execute("create or replace temp table hidden_cell (sektor varchar, hf_orgnr varchar, bosted_rhf_orgnr varchar)")
    if result.hidden:
        con.executemany("insert into hidden_cell values (?, ?, ?)", [list(k) for k in sorted(result.hidden)])
    con.execute(f"create or replace temp table gjestepasienter as {table('gjestepasienter').model.sql}")
    _check(con, table("gjestepasienter"))
    return result


def check_columns(con: duckdb.DuckDBPyConnection) -> None:
    """Refuses a table whose columns and types are not those that its SQL file describes. The guest matrix is checked
    when it is built."""
    for spec in TABLES:
        if spec.source != GUESTS:
            _check(con, spec)


def _check(con: duckdb.DuckDBPyConnection, spec: Table) -> None:
    found = [f"{row[0]} {row[1]}" for row in con.execute(f"describe select * from {spec.source}").fetchall()]
    expected = [f"{column} {spec.type_of(column)}" for column in spec.columns]
    if sorted(found) != sorted(expected):
        raise IsfError(
            f"Table {spec.source} cannot be published by the delivery contract. "
            f"Missing: {', '.join(sorted(set(expected) - set(found))) or 'nothing'}. "
            f"Not in the contract: {', '.join(sorted(set(found) - set(expected))) or 'nothing'}. "
            f"Remedy: correct {spec.name}.sql in sql/{spec.model.stage}/."
        )


def ordered_select(spec: Table) -> str:
    """The table in the contract's column order, sorted by its unique key: the same rows give the same
    bytes."""
    keys = ", ".join(f"{column} nulls first" for column in spec.key)
    return f"select {', '.join(spec.columns)} from {spec.source} order by {keys}"


def write_parquet(con: duckdb.DuckDBPyConnection, spec: Table, path: Path) -> None:
    """Writes one table as Parquet (zstd, fixed row groups): identical bytes at any number of threads.

    The sort spills to disk where memory is short: 10 M rows of `poengposter` take about 10 s and
    2.7 GB on two cores, and as long with 2.3 GB under a memory limit of 2 GB.
    """
    target = str(path).replace("'", "''")
    con.execute(
        f"copy ({ordered_select(spec)}) to '{target}' "
        f"(format parquet, compression zstd, row_group_size {ROW_GROUP_ROWS})"
    )


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
