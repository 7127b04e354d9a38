"""Cases for test-grouping: a file, or one case of the command line → schema `given`, as text.

Two forms of a file, `;` between fields, UTF-8: `id;string` with the DRG string of 165 fields, or
`id;sex;age_days;discharge;duration;diagnoses;procedures` with the codes separated by blanks, a pair as `E103+H360`,
the first diagnosis the main one. What the fields mean is in `sql/grouper_case`.
"""

import csv
from dataclasses import dataclass, fields
from pathlib import Path

import duckdb
import pyarrow as pa
from pyarrow import csv as arrow_csv

from pipelines.errors import InputRefused
from pipelines.grouper.read import Few

STRING_COLUMNS = ("id", "string")
FIELD_COLUMNS = ("id", "sex", "age_days", "discharge", "duration", "diagnoses", "procedures")
FORMULA_STARTS = ("=", "+", "@", "\t", "\r")
BATCH = 100_000  # rows
BLOCK = 1 << 24  # bytes read at once


@dataclass(frozen=True)
class Case:
    """One case in words: sex 1 or 2, age in whole days, discharge E, R or H, duration 0 or nights + 1."""

    id: str
    sex: str
    age_days: str
    discharge: str
    duration: str
    diagnoses: str
    procedures: str


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Schema `given` with its tables, empty."""
    con.execute("create schema if not exists given")
    con.execute("create or replace table given.case_string (case_nr bigint, id varchar, string varchar)")
    text = ", ".join(f"{name} varchar" for name in FIELD_COLUMNS)
    con.execute(f"create or replace table given.case_column (case_nr bigint, {text})")


def fill_one(case: Case, con: duckdb.DuckDBPyConnection) -> None:
    """One case as case number 1."""
    prepare(con)
    values = [getattr(case, field.name) for field in fields(case)]
    con.execute(f"insert into given.case_column values (1, {', '.join('?' * len(values))})", values)


def fill_string(string: str, con: duckdb.DuckDBPyConnection) -> None:
    """One DRG string as case number 1."""
    prepare(con)
    con.execute("insert into given.case_string values (1, '1', ?)", [string])


def fill_file(path: Path, con: duckdb.DuckDBPyConnection) -> int:
    """The cases of a file, numbered in its order; how many. Raises InputRefused with every fault of the file."""
    prepare(con)
    number = _fill_plain(path, con)
    if number is None:
        prepare(con)
        number = _fill_slowly(path, con)
    return number


def _fill_plain(path: Path, con: duckdb.DuckDBPyConnection) -> int | None:
    """The cases of a file without quotes and without faults, ten times as fast; None for any other."""
    try:
        if path.stat().st_size == 0 or _holds(path, (b'"', b"\0")):
            return None
        with path.open(encoding="utf-8-sig", newline="") as stream:
            header = [name.strip() for name in next(csv.reader(stream, delimiter=";"), [])]
        faults: list[str] = []
        chosen = _chosen(path.name, header, faults)
        if faults:
            return None
        names = [str(place) for place in range(len(header))]
        reader = arrow_csv.open_csv(
            path,
            read_options=arrow_csv.ReadOptions(column_names=names, skip_rows=1, block_size=BLOCK),
            parse_options=arrow_csv.ParseOptions(delimiter=";", quote_char=False),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=False,
                include_columns=[names[place] for place in chosen],
            ),
        )
        number = 0
        for batch in reader:
            number = _insert(con, batch.columns, number)
    except (OSError, UnicodeDecodeError, csv.Error, pa.ArrowInvalid):
        return None
    ids = f"select id from given.case_{'string' if len(chosen) == len(STRING_COLUMNS) else 'column'}"
    begun = con.execute(f"select distinct id from ({ids}) where regexp_matches(id, '^[=+@\\t\\r-]')").fetchall()
    return None if any(_is_formula(id) for (id,) in begun) else number


def _holds(path: Path, wanted: tuple[bytes, ...]) -> bool:
    with path.open("rb") as stream:
        while part := stream.read(BLOCK):
            if any(one in part for one in wanted):
                return True
    return False


def _fill_slowly(path: Path, con: duckdb.DuckDBPyConnection) -> int:
    faults: list[str] = []
    ragged, formulas = Few(faults), Few(faults)
    number = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, delimiter=";", strict=True)
            header = [name.strip() for name in next(reader, [])]
            chosen = _chosen(path.name, header, faults)
            batch: list[list[str]] = []
            for cells in reader:
                if not cells:
                    continue
                if len(cells) != len(header):
                    ragged.tell(
                        f"{path.name} line {reader.line_num}: {len(cells)} fields where the header has {len(header)}. "
                        "Correct the line."
                    )
                    continue
                if not chosen:
                    continue
                row = [cells[place] for place in chosen]
                if _is_formula(row[0]):
                    formulas.tell(
                        f"{path.name} line {reader.line_num}: id {row[0]!r} would be a formula in a spreadsheet. "
                        "Begin it with a letter or digit."
                    )
                batch.append(row)
                if len(batch) == BATCH:
                    number = _insert_rows(con, batch, number)
            number = _insert_rows(con, batch, number)
    except FileNotFoundError:
        raise InputRefused(path.name, [f"There is no file {path}. Name the file of cases."]) from None
    except UnicodeDecodeError as error:
        faults.append(f"{path.name} line {_line_not_utf8(path)} is not UTF-8 ({error.reason}). Save it as UTF-8.")
    except (OSError, csv.Error) as error:
        line = f" line {reader.line_num}" if isinstance(error, csv.Error) else ""
        faults.append(f"{path.name}{line} cannot be read: {error}. Save it as CSV with ; between fields.")
    ragged.rest(path.name)
    formulas.rest(path.name)
    if faults:
        raise InputRefused(path.name, faults)
    return number


def _line_not_utf8(path: Path) -> int:
    """The first line that is not UTF-8."""
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return 0


def _chosen(file: str, header: list[str], faults: list[str]) -> list[int]:
    """The places of the columns that are read; other columns are left alone."""
    wanted = STRING_COLUMNS if "string" in header else FIELD_COLUMNS
    missing = [name for name in wanted if name not in header]
    if missing:
        faults.append(
            f"{file} line 1: column {', '.join(missing)} is missing. Write {';'.join(STRING_COLUMNS)}, "
            f"or {';'.join(FIELD_COLUMNS)}."
        )
    if "string" in header and (both := [name for name in FIELD_COLUMNS[1:] if name in header]):
        faults.append(f"{file} line 1: column string stands beside {', '.join(both)}. Keep one form of the cases.")
    twice = sorted({name for name in wanted if header.count(name) > 1})
    faults += [f"{file} line 1: column {name} is given twice. Keep one." for name in twice]
    return [] if faults else [header.index(name) for name in wanted]


def _is_formula(id: str) -> bool:
    return id.startswith(FORMULA_STARTS) or (id.startswith("-") and not id[1:].isdigit())


def _insert_rows(con: duckdb.DuckDBPyConnection, batch: list[list[str]], number: int) -> int:
    """Insert the batch and empty it; the number of the last case."""
    if not batch:
        return number
    number = _insert(con, [pa.array(values, pa.string()) for values in zip(*batch, strict=True)], number)
    batch.clear()
    return number


def _insert(con: duckdb.DuckDBPyConnection, values: list[pa.Array], number: int) -> int:
    """Insert the columns of some cases, numbered from the one after `number`; the number of the last."""
    table, names = ("string", STRING_COLUMNS) if len(values) == len(STRING_COLUMNS) else ("column", FIELD_COLUMNS)
    last = number + len(values[0])
    numbers = pa.array(range(number + 1, last + 1), pa.int64())
    con.register("given_batch", pa.table([numbers, *values], names=["case_nr", *names]))
    con.execute(f"insert into given.case_{table} select * from given_batch")
    con.unregister("given_batch")
    return last
