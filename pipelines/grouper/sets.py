"""Definition sets: import, validation, listing and opening. A set lies in `<home>/grouper/<id>/`, a Parquet file per
table and `manifest.json`; it appears whole or not at all.
"""

import contextlib
import json
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipelines.engine import home as homes
from pipelines.engine import models, swap
from pipelines.engine.workspace import connect, literal, only_row, rows
from pipelines.errors import DefinitionsUnknown, InputRefused, IsfError
from pipelines.grouper import read
from pipelines.grouper.shape import TABLES
from pipelines.publication.manifest import sha256_of

FOLDER = "grouper"
MANIFEST = "manifest.json"
MOST_TOLD = 50  # faults of one table and column


class DefinitionsRefused(InputRefused):
    """A definition set holds something that the grouper does not know; a rule would win or lose by being ignored."""

    headline = "Definition set {what} is refused, nothing was written."


@dataclass(frozen=True)
class DefinitionSet:
    """An imported set. `rows`: per table. `sha256`: of its rules and codes, whatever file they came in. `findings`:
    what is odd but does not hinder grouping: kind → how many and examples."""

    id: str
    year: int
    source: str
    sha256: str
    rows: dict[str, int]
    findings: tuple[dict[str, Any], ...]
    path: Path


def import_set(source: Path, home: Path, *, year: int, id: str | None = None) -> tuple[DefinitionSet, bool]:
    """Read, validate and store a definition set; the set, and whether it was there already.

    `source`: the published ZIP, its JSON, or a folder with a CSV per table. A set of that id is replaced.
    Raises DefinitionsRefused with every fault of it.
    """
    name = safe_id(id or str(year))
    with contextlib.closing(connect()) as con:
        validate(source, con)
        models.run("grouper_rules", con)
        models.run("grouper_finding", con)
        findings = rows(con, "select * from definition_finding order by all")
        return _store(con, home, name, year, source, findings)


def validate(source: Path, con: duckdb.DuckDBPyConnection) -> None:
    """Schema `definition` of the connection from a file or folder. Raises DefinitionsRefused with every fault of it."""
    faults: list[str] = []
    raw = read.read(source, faults)
    _fill_raw(raw, con)
    models.run("grouper_fault", con)
    faults += _faults(con, raw)
    if faults:
        raise DefinitionsRefused(source.name, faults)
    con.execute("create schema if not exists definition")
    models.run("grouper_tables", con, into="memory.definition")


def _fill_raw(raw: dict[str, read.Raw], con: duckdb.DuckDBPyConnection) -> None:
    """Schema `raw`: the tables as text with their row numbers, and the columns that are missing."""
    con.execute("create or replace schema raw")
    con.execute("create table raw.missing_column (table_name varchar, column_name varchar)")
    for name, columns in TABLES.items():
        table = raw.get(name, read.Raw(name, "row", list(columns), [], list(columns)))
        if table.missing:
            con.executemany("insert into raw.missing_column values (?, ?)", [(name, c) for c in table.missing])
        numbers = pa.array([number for number, _ in table.rows], pa.int64())
        values = [pa.array([row[i] for _, row in table.rows], pa.string()) for i in range(len(columns))]
        given = pa.table([numbers, *values], names=["row_nr", *columns])
        con.register("given_rows", given)
        con.execute(f"create table raw.{name} as select * from given_rows")
        con.unregister("given_rows")


def _faults(con: duckdb.DuckDBPyConnection, raw: dict[str, read.Raw]) -> list[str]:
    """The faults of values, as people read them; columns and tables that are missing are told already."""
    found = rows(
        con,
        """
        select *, row_number() over (partition by table_name, column_name order by row_nr, fault) as place
        from definition_fault
        where (table_name, column_name) not in (select (table_name, column_name) from raw.missing_column)
        order by table_name, row_nr, column_name, fault
        """,
    )
    told = []
    rest: dict[tuple[str, str], int] = {}
    for one in found:
        table = raw.get(one["table_name"])
        if table is None or (one["column_name"] == "" and table.missing):
            continue
        if one["place"] > MOST_TOLD:
            where = (table.file, one["column_name"])
            rest[where] = rest.get(where, 0) + 1
            continue
        place = f" {table.counted} {one['row_nr']}" if one["row_nr"] else ""
        name = f", {one['row_name']}" if one["row_name"] else ""
        value = f" {one['value']!r}" if one["value"] is not None else ""
        told.append(f"{table.file}{place}{name}: {one['column_name']}{value} {one['fault']}. {one['remedy']}.")
    return told + [f"{file}: {number} more faults in column {column}." for (file, column), number in rest.items()]


def _store(
    con: duckdb.DuckDBPyConnection, home: Path, name: str, year: int, source: Path, findings: list[dict[str, Any]]
) -> tuple[DefinitionSet, bool]:
    homes.prepare(home)
    folder = home / FOLDER
    folder.mkdir(exist_ok=True)
    os.chmod(folder, 0o700)
    target, aside = folder / name, folder / f".aside-{name}"
    if os.path.lexists(aside):  # a run was killed while it put the set in place
        swap.restore(aside, target)
    building = homes.building(folder, name)
    building.mkdir(mode=0o700)
    try:
        counted = {}
        for table in TABLES:
            path = building / f"{table}.parquet"
            con.execute(
                f"copy (select * from definition.{table} order by all) to {literal(path)}"
                " (format parquet, compression zstd)"
            )
            counted[table] = only_row(con, f"select count(*) from definition.{table}")[0]
        files = {f"{table}.parquet": sha256_of(building / f"{table}.parquet") for table in TABLES}
        content = {
            "id": name,
            "year": year,
            "source": source.name,
            "sha256": _content_sha256(con),
            "rows": counted,
            "findings": findings,
            "files": files,
        }
        raw = (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
        if (target / MANIFEST).is_file() and (target / MANIFEST).read_bytes() == raw:
            return opened_set(home, name), True
        (building / MANIFEST).write_bytes(raw)
        swap.swap(building, target, aside)
        return opened_set(home, name), False
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _content_sha256(con: duckdb.DuckDBPyConnection) -> str:
    """A hash of what the tables say, whatever the order of their rows and the file they came in."""
    import hashlib

    digest = hashlib.sha256()
    for table in TABLES:
        digest.update(f"{table}\n".encode())
        for row in con.execute(f"select * from definition.{table} order by all").fetchall():
            digest.update((json.dumps(row, ensure_ascii=False) + "\n").encode())
    return digest.hexdigest()


def safe_id(name: str) -> str:
    """An id that can be a folder's name. Raises IsfError."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise IsfError(f"A definition set cannot have the id {name!r}. Use letters, digits, . _ and - in --id.")
    return name


def imported(home: Path) -> list[DefinitionSet]:
    """All sets of a home, by id."""
    folder = home / FOLDER
    if not folder.is_dir():
        return []
    return [opened_set(home, path.parent.name) for path in sorted(folder.glob(f"[!.]*/{MANIFEST}"))]


def opened_set(home: Path, id: str) -> DefinitionSet:
    """A set by its id. Raises DefinitionsUnknown naming those that there are."""
    path = home / FOLDER / safe_id(id)
    if not (path / MANIFEST).is_file():
        there = sorted(one.parent.name for one in (home / FOLDER).glob(f"[!.]*/{MANIFEST}"))
        raise DefinitionsUnknown(id, home, there)
    content = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    return DefinitionSet(
        content["id"],
        content["year"],
        content["source"],
        content["sha256"],
        content["rows"],
        tuple(content["findings"]),
        path,
    )


def load(definitions: DefinitionSet, con: duckdb.DuckDBPyConnection, into: str) -> None:
    """Schema `definition` and the compiled rules in the database `into`. Raises IsfError for a damaged file."""
    manifest = json.loads((definitions.path / MANIFEST).read_text(encoding="utf-8"))
    for file, digest in manifest["files"].items():
        path = definitions.path / file
        if not path.is_file() or sha256_of(path) != digest:
            raise IsfError(f"{path} is not what was imported. Import definition set {definitions.id} again.")
    con.execute(f"create schema if not exists {into}.definition")
    for table in TABLES:
        path = literal(definitions.path / f"{table}.parquet")
        con.execute(f"create or replace table {into}.definition.{table} as select * from read_parquet({path})")
    models.run("grouper_rules", con, into=into)
