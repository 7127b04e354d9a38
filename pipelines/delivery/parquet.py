"""Parquet files as DuckDB reads them, and what it cannot read of them.

What belongs here: names and types of the columns, the scan, which columns hold values that cannot be read and why, and
a reader through Arrow for times that DuckDB has no type for. What does not: what a value means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.engine.workspace import literal

NOT_TEXT, NO_TIME, DAMAGED = "not UTF-8", "no time", "damaged"
_WIDE_DECIMAL = re.compile(r"DecimalType\(scale=(\d+), precision=(\d+)\)")
_BATCH_ROWS = 1 << 16


def scan(path: Path, binary_text: bool) -> str:
    """What to write after FROM. `binary_text`: binary columns are text that its writer did not mark as text."""
    options = f"binary_as_string = {str(binary_text).lower()}, hive_partitioning = false"
    return f"read_parquet({_pattern(path)}, {options})"


def describe(path: Path, con: duckdb.DuckDBPyConnection) -> tuple[int, list[tuple[str, str, str]]]:
    """The number of rows, and per column its name in the file, DuckDB's name for it and its type.

    The type is DuckDB's, but `decimal(54,2)` for a decimal that DuckDB reads as a floating number, and `HALF` for the
    floating number of 16 bits, which it reads as FLOAT. Raises duckdb.Error for a file that is not Parquet.
    """
    nodes = con.execute(
        f"select name, coalesce(num_children, 0), logical_type from parquet_schema({_pattern(path)})"
    ).fetchall()
    ((rows,),) = con.execute(f"select num_rows from parquet_file_metadata({_pattern(path)})").fetchall()
    described = con.execute(f"describe select * from {scan(path, False)}").fetchall()
    columns = []
    for (title, logical), (reference, kind, *_) in zip(_top(nodes), described, strict=True):
        if kind == "DOUBLE" and (wide := _WIDE_DECIMAL.fullmatch(logical or "")):
            kind = f"decimal({wide[2]},{wide[1]})"
        elif kind == "FLOAT" and logical == "Float16Type()":
            kind = "HALF"
        columns.append((title, reference, kind))
    return rows, columns


def faults(path: Path, binary_text: bool, columns: Sequence[str], con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Which of these columns (SQL) cannot be read to their end, and why: NOT_TEXT, NO_TIME or DAMAGED."""
    found = {}
    for column in columns:
        try:
            con.execute(f"select max(hash({column})) from {scan(path, binary_text)}").fetchall()
        except (duckdb.OutOfMemoryException, duckdb.InterruptException):
            raise
        except duckdb.Error as error:
            is_text, is_time = "is not valid UTF8" in str(error), isinstance(error, duckdb.ConversionException)
            found[column] = NOT_TEXT if is_text else NO_TIME if is_time else DAMAGED
    return found


def reader(path: Path, columns: Sequence[int], times: Sequence[int]) -> pa.RecordBatchReader:
    """The columns with these numbers as c<number>, with `nr`, the number of the row. Those of `times` come as text: a
    time, or the bare number where it lies outside the years 1 to 9999."""
    file = pq.ParquetFile(path)
    names = file.schema_arrow.names
    types = {i: pa.string() if i in times else _type_for_duckdb(file.schema_arrow.types[i]) for i in columns}
    schema = pa.schema([("nr", pa.int64()), *((f"c{i}", kind) for i, kind in types.items())])

    def batches() -> Iterator[pa.RecordBatch]:
        nr = 1
        for batch in file.iter_batches(_BATCH_ROWS, columns=[names[i] for i in columns]):
            arrays = [batch.column(names[i]) for i in columns]
            arrays = [
                _text_of_times(a) if i in times else a.cast(types[i]) for i, a in zip(columns, arrays, strict=True)
            ]
            yield pa.record_batch([pa.array(range(nr, nr + len(batch)), pa.int64()), *arrays], schema=schema)
            nr += len(batch)

    return pa.RecordBatchReader.from_batches(schema, batches())


def _type_for_duckdb(kind: pa.DataType) -> pa.DataType:
    """DuckDB takes floating numbers of 16 bits from a Parquet file, but not from Arrow."""
    return pa.float32() if pa.types.is_float16(kind) else kind


def _text_of_times(times: pa.Array) -> pa.Array:
    numbers = times.cast(pa.int64())
    per_second = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[times.type.unit]
    first, end = -62135596800 * per_second, 253402300800 * per_second  # the years 1 and 10000
    is_inside = pc.and_(pc.greater_equal(numbers, first), pc.less(numbers, end))
    inside = pc.if_else(is_inside, times, pa.scalar(None, times.type))
    return pc.coalesce(pc.strftime(inside, "%Y-%m-%dT%H:%M:%S"), numbers.cast(pa.string()))


def _top(nodes: list[tuple[str, int, str | None]]) -> list[tuple[str, str | None]]:
    """Name and logical type of the columns, without those nested inside them, from the flattened schema tree."""
    found: list[tuple[str, str | None]] = []
    skip = 0
    for node, children, logical in nodes[1:]:
        if skip:
            skip += children - 1
        else:
            found.append((node, logical))
            skip = children
    return found


def _pattern(path: Path) -> str:
    """A path as an SQL literal in which *, ? and [ mean themselves."""
    return literal(str(path).replace("[", "[[]").replace("*", "[*]").replace("?", "[?]"))
