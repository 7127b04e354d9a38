"""The selects of `sql/explain`, read as text: parsing them takes longer than answering them."""

from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from pipelines.engine.workspace import literal, of_this_version, rows

FOLDER = Path(__file__).resolve().parents[2] / "sql" / "explain"


@cache
def query(name: str) -> str:
    """A select by its file's name."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def of_unit(con: duckdb.DuckDBPyConnection, sql: str, unit_type: str, unit_id: str) -> list[dict[str, Any]]:
    """The answer of a select about the unit in the connection's variables `unit_type` and `unit_id`."""
    for name, value in (("unit_type", unit_type), ("unit_id", unit_id)):
        con.execute(f"set variable {name} = {literal(value)}")
    with of_this_version("isf explain"):
        return rows(con, sql)
