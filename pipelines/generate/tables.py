"""Tables made by the SELECTs of `sql/`: one file = one table; `$name` stands for a number of the run."""

import datetime as dt
import re
from functools import cache
from pathlib import Path

import duckdb

FOLDER = Path(__file__).parent / "sql"
_NAME = re.compile(r"\$([a-z_]\w*)")


@cache
def _text(name: str) -> str:
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def _literal(value: object) -> str:
    if isinstance(value, dt.date):
        return f"date '{value.isoformat()}'"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_literal, value)) + "]"
    return repr(value)


def select(name: str, numbers: dict | None = None) -> str:
    """The SELECT of `sql/<name>.sql` with the numbers filled in; a name that is not there is a KeyError."""
    return _NAME.sub(lambda m: _literal((numbers or {})[m[1]]), _text(name))


def create(con: duckdb.DuckDBPyConnection, name: str, numbers: dict | None = None, *, temp: bool = False) -> None:
    """Create the table `name`; temporary ones belong to a chunk and are replaced."""
    con.execute(f"create {'or replace temp ' if temp else ''}table {name} as {select(name, numbers)}")


def run(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Run a file of statements (the macros)."""
    con.execute(_text(name))
