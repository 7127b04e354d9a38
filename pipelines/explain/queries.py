"""Selects read as text: parsing them takes longer than answering them."""

from functools import cache
from typing import Any

import duckdb

from pipelines.engine.workspace import SQL_FOLDER, literal, of_this_version, rows


@cache
def text(name: str) -> str:
    """A select by its folder and its file's name: `serve/near_spelling`."""
    return (SQL_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def query(name: str) -> str:
    """A select of `sql/explain` by its file's name."""
    return text(f"explain/{name}")


def of_unit(con: duckdb.DuckDBPyConnection, sql: str, unit_type: str, unit_id: str) -> list[dict[str, Any]]:
    """The answer of a select about the unit in the connection's variables `unit_type` and `unit_id`."""
    for name, value in (("unit_type", unit_type), ("unit_id", unit_id)):
        con.execute(f"set variable {name} = {literal(value)}")
    with of_this_version("isf explain"):
        return rows(con, sql)
