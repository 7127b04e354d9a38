"""A table file as something SQL can select from, whatever its format.

What belongs here: opening a file, its column names and types, and handing its rows to DuckDB. What does not:
what the values mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import pyarrow as pa

from pipelines.delivery.contract import TABLES
from pipelines.delivery.csv import BLOCK_BYTES, CsvFile, Unreadable, open_csv
from pipelines.delivery.folder import TableFile
from pipelines.delivery.values import name, quoted

_VIEW = "delivered_file"
_DAMAGED = "cannot be read as Parquet (damaged, cut short or another format). Write it again"


@dataclass(frozen=True)
class Delivered:
    """A column of a file: its trimmed name, SQL for its values as they came (`raw`) and for reading (`value`;
    the same unless the source trims), and its DuckDB type."""

    name: str
    raw: str
    value: str
    type: str


@dataclass
class Source:
    """An open table file. `columns` are in the order of the file; `nr` and `line` are SQL for the row's
    number and the physical line it starts on. `trimmed`: the values come trimmed, with NULL for missing.

    `rows` and `ragged` hold for CSV once the rows have been read, `rows` for Parquet from the start.
    """

    file: TableFile
    columns: list[Delivered]
    nr: str
    line: str
    rows: int = 0
    ragged: list[pa.Table] = field(default_factory=list)
    csv: CsvFile | None = None
    binary_text: bool = False

    @property
    def trimmed(self) -> bool:
        return self.csv is not None

    def column(self, column_name: str) -> Delivered | None:
        return next((d for d in self.columns if d.name == column_name), None)


def open_source(file: TableFile, con: duckdb.DuckDBPyConnection) -> Source:
    """Raises Unreadable if the file is not what its name claims."""
    if file.format == "parquet":
        return _open_parquet(file, con)
    csv = open_csv(file.path)
    columns = [Delivered(given, f"r{i}", f"c{i}", "VARCHAR") for i, given in enumerate(csv.header)]
    return Source(file, columns, "nr", "line", csv=csv)


def _open_parquet(file: TableFile, con: duckdb.DuckDBPyConnection) -> Source:
    path = quoted(_literal(file.path))
    try:
        nodes = con.execute(f"select name, coalesce(num_children, 0) from parquet_schema({path})").fetchall()
        (rows,) = first_row(con, f"select num_rows from parquet_file_metadata({path})")
        described = con.execute(f"describe select * from {_scan(file.path, False)}").fetchall()
    except duckdb.Error as error:
        raise Unreadable(_DAMAGED) from error
    given = _top_names(nodes)
    contract = {t.name: t for t in TABLES}[file.table]
    columns, binary_text = [], False
    for title, (found, kind, *_) in zip(given, described, strict=True):
        ref = name(found)
        if kind == "BLOB" and contract.column(title.strip()):
            kind, binary_text = "VARCHAR", True  # text that its writer did not mark as text
        columns.append(Delivered(title.strip(), ref, ref, kind))
    if binary_text:  # real binary columns cannot be read beside it; they are unknown ones and are left out
        columns = [replace(c, raw="null") if c.type == "BLOB" else c for c in columns]
    number = "file_row_number"
    if number in (d[0].lower() for d in described):
        number = "row_number() over () - 1"
    return Source(file, columns, f"{number} + 1", f"{number} + 1", rows, binary_text=binary_text)


def first_row(con: duckdb.DuckDBPyConnection, query: str) -> tuple:
    """The first row of a query's answer; a query without one is an error of the program."""
    row = con.execute(query).fetchone()
    if row is None:
        raise RuntimeError("a query that must give a row gave none")
    return row


def _top_names(nodes: list[tuple[str, int]]) -> list[str]:
    """Names of the columns, without those nested inside them, from the flattened schema tree."""
    names: list[str] = []
    skip = 0
    for node, children in nodes[1:]:
        if skip:
            skip += children - 1
        else:
            names.append(node)
            skip = children
    return names


def _literal(path: Path) -> str:
    """A path in which *, ? and [ mean themselves."""
    return str(path).replace("[", "[[]").replace("*", "[*]").replace("?", "[?]")


def _scan(path: Path, binary_text: bool) -> str:
    options = f"binary_as_string = {str(binary_text).lower()}, hive_partitioning = false"
    return f"read_parquet({quoted(_literal(path))}, {options})"


@contextmanager
def relation(source: Source, con: duckdb.DuckDBPyConnection) -> Iterator[Callable[..., str]]:
    """A function that gives what to write after FROM, to be asked anew for every query. With `only=column` the
    rows hold that column alone. Raises Unreadable if the file turns out damaged while it is read."""
    if source.csv is None:
        try:
            yield lambda only=None: _scan(source.file.path, source.binary_text)
        except duckdb.Error as error:
            if _whole(source, con):
                raise
            raise Unreadable(_DAMAGED) from error
        return
    csv = source.csv
    try:
        if source.file.format == "csv" and source.file.bytes <= BLOCK_BYTES:
            con.register(_VIEW, pa.concat_tables([csv.schema().empty_table(), *csv.tables()]))
            yield lambda only=None: _VIEW
        else:
            yield lambda only=None: _stream(source, con, only)
        source.rows, source.ragged = csv.rows, csv.ragged
    except duckdb.Error:
        if isinstance(csv.fault, Unreadable):
            raise csv.fault from None
        raise
    finally:
        con.unregister(_VIEW)


def _stream(source: Source, con: duckdb.DuckDBPyConnection, only: Delivered | None) -> str:
    """The CSV file from its start, block by block, so that it never lies in memory as a whole."""
    assert source.csv is not None
    con.register(_VIEW, source.csv.reader(None if only is None else source.columns.index(only)))
    return _VIEW


def read_through(source: Source, con: duckdb.DuckDBPyConnection) -> None:
    """Read every row and keep none, to count them and to find damage. Raises Unreadable."""
    if source.csv is None:
        if not _whole(source, con):
            raise Unreadable(_DAMAGED)
        return
    for _ in source.csv.tables():
        pass
    source.rows, source.ragged = source.csv.rows, source.csv.ragged


def _whole(source: Source, con: duckdb.DuckDBPyConnection) -> bool:
    """Whether every value of a Parquet file can be read."""
    counts = ", ".join(f"max(hash({d.raw}))" for d in source.columns)
    try:
        con.execute(f"select {counts or 'count(*)'} from {_scan(source.file.path, source.binary_text)}").fetchall()
    except (duckdb.OutOfMemoryException, duckdb.InterruptException):
        raise
    except duckdb.Error:
        return False
    return True
