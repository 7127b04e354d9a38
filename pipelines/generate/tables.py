"""The generator's tables: each is a SELECT of `sql/synthetic/`, with the numbers of the run as DuckDB parameters.

The functions that the SELECTs draw with are in `sql/synthetic.sql`.
"""

import re
from decimal import Decimal

import duckdb

from pipelines.engine.models import SQL_FOLDER, model

STAGE = "synthetic"
_NAME = re.compile(r"\$([a-z_]\w*)")


def _run(
    con: duckdb.DuckDBPyConnection, before: str, name: str, numbers: dict | None, stage: str = STAGE
) -> duckdb.DuckDBPyConnection:
    """Execute `before` and the SELECT; a number that is not there is a KeyError."""
    sql = model(name, stage).sql
    values = {wanted: _bound((numbers or {})[wanted]) for wanted in _NAME.findall(sql)}
    return con.execute(f"{before}{sql}", values or None)


def _bound(value: object) -> object:
    """A rate is bound as the decimal that it is written as, so that products with it are exact."""
    return Decimal(repr(value)) if isinstance(value, float) else value


def create(
    con: duckdb.DuckDBPyConnection,
    name: str,
    numbers: dict | None = None,
    *,
    temp: bool = False,
    table: str | None = None,
    stage: str = STAGE,
) -> None:
    """Create the table `name` (or `table`) from the SELECT `name`; temporary ones belong to a chunk."""
    _run(con, f"create {'or replace temp ' if temp else ''}table {table or name} as ", name, numbers, stage)


def insert(con: duckdb.DuckDBPyConnection, table: str, name: str, numbers: dict | None = None) -> None:
    """Insert the rows of the SELECT `name` into a table."""
    _run(con, f"insert into {table} ", name, numbers)


def query(
    con: duckdb.DuckDBPyConnection, name: str, numbers: dict | None = None, *, stage: str = STAGE
) -> duckdb.DuckDBPyConnection:
    """The rows of the SELECT `name`."""
    return _run(con, "", name, numbers, stage)


def functions(con: duckdb.DuckDBPyConnection) -> None:
    """Make the functions that the SELECTs draw with."""
    con.execute((SQL_FOLDER / f"{STAGE}.sql").read_text(encoding="utf-8"))
