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

from pipelines.errors import InputRefused

STRING_COLUMNS = ("id", "string")
FIELD_COLUMNS = ("id", "sex", "age_days", "discharge", "duration", "diagnoses", "procedures")
FORMULA_STARTS = ("=", "+", "@", "\t", "\r")
BATCH = 100_000  # rows


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
    con.execute("create or replace schema given")
    con.execute("create table given.case_string (case_nr bigint, id varchar, string varchar)")
    text = ", ".join(f"{name} varchar" for name in FIELD_COLUMNS)
    con.execute(f"create table given.case_column (case_nr bigint, {text})")


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
    faults: list[str] = []
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
                    faults.append(
                        f"{path.name} line {reader.line_num}: {len(cells)} fields where the header has {len(header)}. "
                        "Correct the line."
                    )
                    continue
                if not chosen:
                    continue
                row = [cells[place] for place in chosen]
                if _is_formula(row[0]):
                    faults.append(
                        f"{path.name} line {reader.line_num}: id {row[0]!r} would be a formula in a spreadsheet. "
                        "Begin it with a letter or digit."
                    )
                batch.append(row)
                if len(batch) == BATCH:
                    number = _insert(con, batch, number)
            number = _insert(con, batch, number)
    except FileNotFoundError:
        raise InputRefused(path.name, [f"There is no file {path}. Name the file of cases."]) from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        faults.append(f"{path.name} cannot be read: {error}. Save it as CSV in UTF-8 with ; between fields.")
    if faults:
        raise InputRefused(path.name, faults)
    return number


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


def _insert(con: duckdb.DuckDBPyConnection, batch: list[list[str]], number: int) -> int:
    """Insert the batch and empty it; the number of the last case."""
    if not batch:
        return number
    table, names = ("string", STRING_COLUMNS) if len(batch[0]) == 2 else ("column", FIELD_COLUMNS)
    numbers = pa.array(range(number + 1, number + len(batch) + 1), pa.int64())
    values = [pa.array([row[i] for row in batch], pa.string()) for i in range(len(names))]
    con.register("given_batch", pa.table([numbers, *values], names=["case_nr", *names]))
    con.execute(f"insert into given.case_{table} select * from given_batch")
    con.unregister("given_batch")
    number += len(batch)
    batch.clear()
    return number
