"""CSV files as Arrow tables: `;` between fields, quotes as in RFC 4180, LF or CRLF, optional BOM and gzip.

What belongs here: reading, UTF-8, counting fields, trimming. What does not: what a value means.

The file is cut into blocks at record ends, so that every record knows the physical line it starts on and
blocks can be parsed side by side. Two programs count the records of a block, `pipelines/load_records.py` and
the parser of pyarrow; they must agree, otherwise the run stops.
"""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import json
import zlib
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from pipelines.delivery.records import count_lines, record_ends, record_lines
from pipelines.delivery.values import SPACES

BLOCK_BYTES = 8 << 20
MAX_RECORD_BYTES = 32 << 20  # a longer record is taken for a quote that was never closed


class Unreadable(Exception):
    """The file is not what its name claims. The text says what is wrong and how to mend it."""


# Records with another number of fields than the header: number and line as in `CsvFile.schema()`, the number of
# fields, and the record's text as a JSON string.
RAGGED = pa.schema([("nr", pa.int64()), ("line", pa.int64()), ("fields", pa.int64()), ("content", pa.string())])


@dataclass
class CsvFile:
    """An open CSV file. `header` = trimmed column names; `rows` and `ragged` (tables of schema RAGGED) are
    complete after reading."""

    path: Path
    header: list[str]
    rows: int = 0
    ragged: list[pa.Table] = field(default_factory=list)
    fault: Exception | None = None  # what stopped the reading, when a reader in between hides it

    def schema(self) -> pa.Schema:
        """`nr` (1-based number of the record), `line` (physical line it starts on), then per field its text
        as it came, r0, r1, ..., and trimmed, c0, c1, ..., where empty is null."""
        fields = range(len(self.header))
        names = [f"{a}{i}" for a in "rc" for i in fields]
        return pa.schema([("nr", pa.int64()), ("line", pa.int64()), *((n, pa.string()) for n in names)])

    def reader(self) -> pa.RecordBatchReader:
        """The same as `tables()`, for a consumer that pulls it through Arrow."""

        def batches() -> Iterator[pa.RecordBatch]:
            try:
                for table in self.tables():
                    yield from table.to_batches()
            except Exception as error:
                self.fault = error
                raise

        return pa.RecordBatchReader.from_batches(self.schema(), batches())

    def tables(self) -> Iterator[pa.Table]:
        """The records block by block, as `schema()` says. May be called again: it reads from the start."""
        self.rows, self.ragged = 0, []
        with open_text(self.path) as stream, ThreadPoolExecutor(2) as pool:
            waiting: deque = deque()
            blocks = _blocks(stream)
            _, line, rest = _take_header(blocks)
            for data, first_line in _chain(rest, line, blocks):
                lines = record_lines(data, first_line)
                if len(lines) == 0:
                    continue
                waiting.append(pool.submit(_parse, data, lines, self.rows, len(self.header)))
                self.rows += len(lines)
                if len(waiting) > 2:
                    yield self._take(waiting.popleft())
            while waiting:
                yield self._take(waiting.popleft())

    def _take(self, future: Future) -> pa.Table:
        columns, ragged = future.result()
        if ragged.num_rows:
            self.ragged.append(ragged)
        return pa.table(columns, schema=self.schema())


def open_csv(path: Path) -> CsvFile:
    """Read the header of a CSV file. Raises Unreadable for a file without one, or not UTF-8 or gzip."""
    with open_text(path) as stream:
        header, _, _ = _take_header(_blocks(stream))
    return CsvFile(path, header)


def first_lines(path: Path, count: int = 20) -> list[str]:
    """The first physical lines of a CSV file, trimmed; blank ones too. Raises Unreadable."""
    with open_text(path) as stream:
        data, _ = next(_blocks(stream), (b"", 1))
    return [line.strip() for line in itertools.islice(io.StringIO(data.decode("utf-8"), newline=None), count)]


class open_text:
    """A binary stream of the file's text, unpacked if its name ends in .gz; damage raises Unreadable."""

    def __init__(self, path: Path):
        self.path = path

    def __enter__(self) -> open_text:
        try:
            self.stream = gzip.open(self.path) if self.path.name.endswith(".gz") else open(self.path, "rb")
        except OSError as error:
            raise Unreadable(f"cannot be opened ({error.strerror}). Make it readable and run again") from error
        return self

    def __exit__(self, *_: object) -> None:
        self.stream.close()

    def read(self, size: int) -> bytes:
        try:
            return self.stream.read(size)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise Unreadable("is not a whole gzip file (damaged or cut short). Pack it again") from error
        except OSError as error:
            raise Unreadable(f"cannot be read ({error.strerror}). Copy it again") from error


def _blocks(stream: open_text) -> Iterator[tuple[bytes, int]]:
    """Whole records, about BLOCK_BYTES at a time, each block with the physical line it starts on."""
    line, pending = 1, stream.read(3).removeprefix(b"\xef\xbb\xbf")
    while True:
        chunk = stream.read(BLOCK_BYTES)
        data = pending + chunk
        ends, open_quote = record_ends(data, final=not chunk)
        cut = len(data) if not chunk and open_quote is None else (int(ends[-1]) if len(ends) else 0)
        if (not chunk and open_quote is not None) or len(data) - cut > MAX_RECORD_BYTES:
            raise Unreadable(_endless(data, cut, open_quote, line))
        if cut:
            whole = data[:cut]
            _check_utf8(whole, line)
            yield whole, line
            line += count_lines(whole)
        pending = data[cut:]
        if not chunk:
            return


def _endless(data: bytes, cut: int, open_quote: int | None, line: int) -> str:
    if open_quote is None:
        at = line + count_lines(data[:cut])
        return f"has a line of more than {MAX_RECORD_BYTES >> 20} MB, line {at}. Write one row per line"
    at = line + count_lines(data[:open_quote])
    return (
        f"has a quote that is never closed, opened on line {at}. "
        'Close it, or write a quote inside a quoted field twice ("")'
    )


def _take_header(blocks: Iterator[tuple[bytes, int]]) -> tuple[list[str], int, bytes]:
    """The trimmed column names, the line after them, and the rest of the first block."""
    data, line = next(blocks, (b"", 1))
    ends, _ = record_ends(data, final=True)
    end = int(ends[0]) if len(ends) else len(data)
    text = data[:end].decode("utf-8")
    if not text.strip():
        raise Unreadable("has no header: its first line is empty. Write the column names on the first line")
    names = next(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    return [name.strip() for name in names], line + count_lines(data[:end]), data[end:]


def _chain(rest: bytes, line: int, blocks: Iterator[tuple[bytes, int]]) -> Iterator[tuple[bytes, int]]:
    if rest:
        yield rest, line
    yield from blocks


def _check_utf8(data: bytes, line: int) -> None:
    if data.isascii():
        return
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        at = line + count_lines(data[: error.start])
        raise Unreadable(f"is not UTF-8 text on line {at}. Save it as UTF-8 and run again") from error


def _parse(data: bytes, lines: np.ndarray, rows_before: int, columns: int) -> tuple[list, pa.Table]:
    """One block as columns in the order of `CsvFile.schema()`, and its records of another length."""
    ragged: list[tuple] = []

    def keep(row: pa_csv.InvalidRow) -> str:
        i = row.number - 1
        content = json.dumps(row.text, ensure_ascii=False)
        ragged.append((rows_before + row.number, int(lines[i]), row.actual_columns, content))
        return "skip"

    names = [f"c{i}" for i in range(columns)]
    table = pa_csv.read_csv(
        pa.BufferReader(data),
        read_options=pa_csv.ReadOptions(use_threads=False, block_size=len(data) + 1, column_names=names),
        parse_options=pa_csv.ParseOptions(delimiter=";", newlines_in_values=True, invalid_row_handler=keep),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
        ),
    )
    numbers = np.arange(rows_before + 1, rows_before + len(lines) + 1)
    if ragged:
        bad = [nr - rows_before - 1 for nr, *_ in ragged]
        numbers, lines = np.delete(numbers, bad), np.delete(lines, bad)
    columns_kept = [list(c) for c in zip(*ragged, strict=True)] or [[]] * 4
    kept = pa.table(columns_kept, schema=RAGGED)
    if len(lines) != table.num_rows:
        raise RuntimeError(f"two counts of the records disagree: {len(lines)} and {table.num_rows}")
    return [pa.array(numbers), pa.array(lines), *table.columns, *map(_trimmed, table.columns)], kept


def _trimmed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text without white space around it; what is empty then is null."""
    trimmed = pc.utf8_trim(column, characters=SPACES)
    if trimmed.equals(column):
        return column
    return pc.if_else(pc.equal(trimmed, ""), None, trimmed)
