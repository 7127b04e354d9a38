"""A table file as something SQL can select from, whatever its format.

What belongs here: opening a file, its column names and types, and handing its rows to DuckDB. What does not:
what the values mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import duckdb
import pyarrow as pa

from pipelines.delivery import parquet
from pipelines.delivery.contract import TABLES
from pipelines.delivery.csv import BLOCK_BYTES, CsvFile, Unreadable, open_csv
from pipelines.delivery.folder import TableFile
from pipelines.delivery.values import name

_VIEW = "delivered_file"
_DAMAGED = "cannot be read as Parquet (damaged, cut short or another format). Write it again"


class ReadAgain(Exception):
    """The rows could not be read, but they can be in another way: ask `relation` once more."""


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

    `rows` and `ragged` hold for CSV once the rows have been read, `rows` for Parquet from the start. `as_text`: the
    columns of a Parquet file that are read as text, by number.
    """

    file: TableFile
    columns: list[Delivered]
    nr: str
    line: str
    rows: int = 0
    ragged: list[pa.Table] = field(default_factory=list)
    csv: CsvFile | None = None
    binary_text: bool = False
    as_text: tuple[int, ...] = ()

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
    try:
        rows, described = parquet.describe(file.path, con)
    except duckdb.Error as error:
        raise Unreadable(_DAMAGED) from error
    contract = {t.name: t for t in TABLES}[file.table]
    columns, binary_text = [], False
    for title, found, given in described:
        title, kind, raw = title.strip(), given, name(found)
        listed = contract.column(title) is not None
        if kind == "BLOB" and listed:
            kind, binary_text = "VARCHAR", True  # text that its writer did not mark as text
        elif kind == "JSON":
            kind, raw = "VARCHAR", f"{raw}::varchar"
        elif kind.startswith("decimal(") and not listed:  # read inexactly, so left out even of quarantined rows
            raw = "null"
        columns.append(Delivered(title, raw, raw, kind))
    if binary_text:  # real binary columns cannot be read beside it; they are unknown ones and are left out
        columns = [replace(c, raw="null") if c.type == "BLOB" else c for c in columns]
    number = "file_row_number"
    if number in (found.lower() for _, found, _ in described):
        number = "row_number() over () - 1"
    return Source(file, columns, f"{number} + 1", f"{number} + 1", rows, binary_text=binary_text)


def first_row(con: duckdb.DuckDBPyConnection, query: str) -> tuple:
    """The first row of a query's answer; a query without one is an error of the program."""
    row = con.execute(query).fetchone()
    if row is None:
        raise RuntimeError("a query that must give a row gave none")
    return row


@contextmanager
def relation(source: Source, con: duckdb.DuckDBPyConnection) -> Iterator[Callable[[], str]]:
    """A function that gives what to write after FROM, to be asked anew for every query. Raises Unreadable if the file
    turns out damaged while it is read, and ReadAgain if it can be read in another way, for which the source is ready
    then."""
    if source.csv is None:
        try:
            yield lambda: _parquet_rows(source, con)
        except duckdb.Error as error:
            if source.as_text or not _find_faults(source, con):
                raise
            raise ReadAgain from error
        finally:
            con.unregister(_VIEW)
        return
    csv = source.csv
    try:
        if source.file.format == "csv" and source.file.bytes <= BLOCK_BYTES:
            con.register(_VIEW, pa.concat_tables([csv.schema().empty_table(), *csv.tables()]))
            yield lambda: _VIEW
        else:
            yield lambda: _stream(source, con)
        source.rows, source.ragged = csv.rows, csv.ragged
    except duckdb.Error:
        if isinstance(csv.fault, Unreadable):
            raise csv.fault from None
        raise
    finally:
        con.unregister(_VIEW)


def _parquet_rows(source: Source, con: duckdb.DuckDBPyConnection) -> str:
    if not source.as_text:
        return parquet.scan(source.file.path, source.binary_text)
    listed = [i for i, column in enumerate(source.columns) if column.raw != "null"]
    con.register(_VIEW, parquet.reader(source.file.path, listed, source.as_text))
    return _VIEW


def _find_faults(source: Source, con: duckdb.DuckDBPyConnection) -> bool:
    """Look through a Parquet file that could not be read. Whether its rows can be read another way: without columns
    outside the contract, and with times beyond DuckDB's as text. Raises Unreadable if they cannot."""
    found = parquet.faults(
        source.file.path, source.binary_text, sorted({c.raw for c in source.columns if c.raw != "null"}), con
    )
    contract = {t.name: t for t in TABLES}[source.file.table]
    is_listed = [contract.column(c.name) is not None for c in source.columns]
    why = [found.get(column.raw) for column in source.columns]
    if parquet.DAMAGED in why:
        raise Unreadable(_DAMAGED)
    names = [
        c.name for c, listed, w in zip(source.columns, is_listed, why, strict=True) if listed and w == parquet.NOT_TEXT
    ]
    if names:
        columns, hold = ("column", "holds") if len(names) == 1 else ("columns", "hold")
        raise Unreadable(
            f"{columns} {', '.join(names)} of type text {hold} text that is not UTF-8 (often it is Latin-1). "
            "Convert the text to UTF-8 and write the file again"
        )
    source.as_text = tuple(i for i, w in enumerate(why) if is_listed[i] and w == parquet.NO_TIME)
    source.columns = [
        replace(c, raw="null") if w and not listed else c
        for c, listed, w in zip(source.columns, is_listed, why, strict=True)
    ]
    if source.as_text:
        source.nr = source.line = "nr"
        source.columns = [_through_arrow(source, i, listed) for i, listed in enumerate(is_listed)]
    return bool(found)


def _through_arrow(source: Source, i: int, listed: bool) -> Delivered:
    """Column number `i` as `parquet.reader` gives it."""
    column = source.columns[i]
    if not listed:
        return replace(column, raw="null")
    kind = "VARCHAR" if i in source.as_text else column.type
    value = f"c{i}::{'FLOAT' if kind == 'HALF' else kind}"
    return Delivered(column.name, value, value, kind)


def _stream(source: Source, con: duckdb.DuckDBPyConnection) -> str:
    """The CSV file from its start, block by block, so that it never lies in memory as a whole."""
    assert source.csv is not None
    con.register(_VIEW, source.csv.reader())
    return _VIEW


def read_through(source: Source, con: duckdb.DuckDBPyConnection) -> None:
    """Read every row and keep none, to count them and to find damage. Raises Unreadable."""
    if source.csv is None:
        _find_faults(source, con)
        return
    for _ in source.csv.tables():
        pass
    source.rows, source.ragged = source.csv.rows, source.csv.ragged
