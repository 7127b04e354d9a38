"""What became of the rows of a delivery, and what the quality checks found in the rows of a unit."""

from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from pipelines.checks import invariants as of_settlement
from pipelines.engine.workspace import literal, of_this_version, rows
from pipelines.quality import catalogue

FOLDER = Path(__file__).resolve().parents[2] / "sql" / "serve"
Facts = dict[str, Any]


def of_rows(con: duckdb.DuckDBPyConnection) -> tuple[list[Facts], list[Facts]]:
    """Per file its rows in, used and set aside; and per file and reason the rows set aside."""
    return _rows(con, "rows_account"), _rows(con, "quarantine_reason")


def invariants(con: duckdb.DuckDBPyConnection) -> list[tuple[str, int]]:
    """What must hold of every settlement, in words, and how many rows break it."""
    with of_this_version("isf serve"):
        return [(one.header["title"], of_settlement.violations(con, one)) for one in of_settlement.invariants()]


def findings(con: duckdb.DuckDBPyConnection, facts: Facts) -> list[Facts] | None:
    """What the checks found in the rows of a unit, episode or line: title and severity of the check, the row's id, its
    value and the points at stake. None where the rows' ids are not known, so that nothing can be asked.
    """
    of_rows = _row_ids(facts)
    if not of_rows:
        return None
    ids = ", ".join(literal(one) for one in of_rows)
    con.execute(f"set variable ids = cast([{ids}] as varchar[])")
    known = {check.id: check for check in catalogue.checks()}
    found = _rows(con, "finding_of_id")
    for row in found:
        check = known.get(row["check_id"])
        row |= {"title": check.title if check else row["check_id"], "severity": check.severity if check else "varsel"}
    # A row that was set aside is itself a finding: without any it is known there by another name.
    return found if found or facts["kind"] != "quarantine" else None


def own_id(facts: Facts) -> str:
    """The id of what is explained, by which it is found in another delivery."""
    return facts[f"{facts['kind']}_id"]


def _row_ids(facts: Facts) -> list[str]:
    """The ids of the reported rows that a unit was made from; none of a pathway, which is made from units."""
    kinds = {
        "stay": lambda: [one["episode_id"] for one in facts["episodes"]],
        "service": lambda: [one["candidate_id"] for one in facts["candidates"]],
        "episode": lambda: [facts["episode_id"]],
        "prescription": lambda: [facts["dispensing_id"]],
        "quarantine": lambda: [facts["row_id"]] if facts["row_id"] else [],
    }
    return kinds[facts["kind"]]() if facts["kind"] in kinds else []


@cache
def _select(name: str) -> str:
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def _rows(con: duckdb.DuckDBPyConnection, name: str) -> list[Facts]:
    with of_this_version("isf serve"):
        return rows(con, _select(name))
