"""A delivery folder → the tables of schema `landing`, or a refusal that names every problem at once.

What belongs here: the order of the work and the whole-delivery checks. The contract itself is in
`contract.py`; for users it is described in `docs/delivery.md`. No row's content is ever reported
through `progress` or a log.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import duckdb

from pipelines.delivery.account import DeliveryInfo, create_account, drop_account, write_account
from pipelines.delivery.contract import OPTIONAL, TABLES, VALUE, Table
from pipelines.delivery.csv import Unreadable
from pipelines.delivery.folder import Folder, check_claims, sha_of
from pipelines.delivery.header import wrong_header
from pipelines.delivery.rows import create_empty, load_table
from pipelines.delivery.source import Source, open_source, read_through
from pipelines.delivery.values import accepts
from pipelines.errors import DeliveryRefused


def load_delivery(
    found: Folder,
    con: duckdb.DuckDBPyConnection,
    progress: Callable[[str], None] = lambda step: None,
) -> DeliveryInfo:
    """Validate a delivery and create schema `landing` in `con` (an existing one is replaced).

    `found`: the folder as `inspect_folder` gives it, with its period; what was found wrong already is told with the
    rest. `progress` is told the name and the row count of each file. Raises DeliveryRefused with all problems found;
    the connection then has no schema `landing`.
    """
    with ThreadPoolExecutor(1) as pool:
        sums = {t: pool.submit(sha_of, f.path) for t, f in found.files.items()}
        sources = _open_all(found, con)
        if not found.problems:
            create_account(con)
            damaged = _load_all(con, sources, progress)
        else:
            damaged = _read_all(con, sources)
        found.problems.extend(f"{found.files[t].path.name}: {fault}" for t, fault in damaged.items())
        for table, file in found.files.items():
            readable = table in sources and table not in damaged
            rows = sources[table].rows if readable else None
            found.problems.extend(check_claims(file, rows, sums[table].result()))
    if found.problems:
        drop_account(con)
        raise DeliveryRefused(found.name, found.problems)
    return write_account(con, found, sources, {t: s.result() or "" for t, s in sums.items()})


def _open_all(found: Folder, con: duckdb.DuckDBPyConnection) -> dict[str, Source]:
    """Open every table file and compare its columns with the contract; problems go to `found.problems`."""
    sources = {}
    for table in TABLES:
        if file := found.files.get(table.name):
            try:
                source = open_source(file, con)
            except Unreadable as fault:
                found.problems.append(f"{file.path.name}: {fault}")
                continue
            sources[table.name] = source
            found.problems.extend(f"{file.path.name}: {p}" for p in _column_problems(table, source))
    return sources


def _column_problems(table: Table, source: Source) -> list[str]:
    if wrong := wrong_header(table, source):
        return [wrong]
    problems = []
    names = [d.name for d in source.columns]
    for column in table.columns:
        given = [d.type for d in source.columns if d.name == column.name]
        if not given and column.need != OPTIONAL:
            near = [n for n in names if n.lower() == column.name.lower()]
            hint = f" (found {near[0]}; upper and lower case matter)" if near else ""
            remedy = "with a value in every row" if column.need == VALUE else "its values may be empty"
            problems.append(f"column {column.name} is missing{hint}. Add the column, {remedy}")
        elif len(given) > 1:
            problems.append(f"column {column.name} occurs {len(given)} times in the header. Keep one of them")
        elif given and (wrong := accepts(given[0])):
            problems.append(f"column {column.name} {wrong}")
    return problems


def _load_all(
    con: duckdb.DuckDBPyConnection, sources: dict[str, Source], progress: Callable[[str], None]
) -> dict[str, Unreadable]:
    """Load every table. If one proves damaged the delivery is refused; the rest is read for its faults."""
    for table in TABLES:
        source = sources.get(table.name)
        if source is None:
            create_empty(con, table)
            continue
        try:
            load_table(con, table, source)
        except Unreadable as fault:
            later = [t.name for t in TABLES[TABLES.index(table) + 1 :] if t.name in sources]
            return {table.name: fault, **_read_all(con, {name: sources[name] for name in later})}
        progress(f"{source.file.path.name}: {source.rows} rows read")
    return {}


def _read_all(con: duckdb.DuckDBPyConnection, sources: dict[str, Source]) -> dict[str, Unreadable]:
    """Read tables of a refused delivery to count their rows and to find damage, for the same message."""
    damaged = {}
    for table, source in sources.items():
        try:
            read_through(source, con)
        except Unreadable as fault:
            damaged[table] = fault
    return damaged
