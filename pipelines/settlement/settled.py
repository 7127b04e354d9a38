"""Settled deliveries as inputs of other jobs: found by id, attached read-only, and named in the manifest by hash."""

from pathlib import Path
from typing import Any

import duckdb

from pipelines.engine import home as homes
from pipelines.engine import workspace
from pipelines.errors import InputRefused


def require(home: Path, names: list[str], what: str) -> None:
    """Raises InputRefused naming every id under which nothing is settled in the home, and those that there are."""
    there = [path.stem for path in homes.settled(home)]
    faults = [
        f"There is no settled delivery {name} under {home}; there are: {', '.join(there) or 'none'}."
        f" Run `isf settle DELIVERY --home {home}` first."
        for name in dict.fromkeys(names)
        if name not in there
    ]
    if faults:
        raise InputRefused(what, faults)


def attach(con: duckdb.DuckDBPyConnection, home: Path, name: str, alias: str) -> dict[str, Any]:
    """Attach a warehouse as database `alias`; its facts: `delivery`, `year`, `tertial`, `delivery_number`,
    `period_from`, `period_to`, `ruleset`, `status`, `sha256`, `drg_source`, `program` (None of an older program),
    `alias`."""
    return attach_file(con, homes.warehouse(home, name), alias)


def attach_file(con: duckdb.DuckDBPyConnection, warehouse: Path, alias: str) -> dict[str, Any]:
    """The same of a warehouse by its file, one that is not published too."""
    workspace.attach(con, warehouse, alias)
    (facts,) = workspace.rows(
        con,
        f"""
        select delivery.delivery, delivery.year, delivery.tertial, delivery.delivery_number, delivery.period_from,
            delivery.period_to, ruleset.ruleset, ruleset.status, ruleset.sha256
        from {alias}.landing.delivery as delivery, {alias}.ref.ruleset as ruleset""",
    )
    (option,) = workspace.rows(con, f"select * from {alias}.ref.run_option")
    return {**facts, "alias": alias, "drg_source": option["drg_source"], "program": option.get("program")}


def manifest_entry(con: duckdb.DuckDBPyConnection, settled: dict[str, Any]) -> dict[str, Any]:
    """What a result's manifest says of a delivery it was made from."""
    files = workspace.rows(con, f"select file, sha256 from {settled['alias']}.landing.row_account order by file")
    return {
        "delivery": settled["delivery"],
        "ruleset": settled["ruleset"],
        "ruleset_sha256": settled["sha256"],
        "drg_source": settled["drg_source"],
        "settled_by": settled["program"],
        "files": files,
    }
