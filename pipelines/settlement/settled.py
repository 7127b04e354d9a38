"""Settled deliveries as inputs of other jobs: found by id, attached read-only, and named in the manifest by hash."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import duckdb

from pipelines.engine import home as homes
from pipelines.engine import workspace
from pipelines.engine.models import WAY, needed, run
from pipelines.engine.progress import Progress, silent
from pipelines.engine.version import program_version
from pipelines.errors import DeliveryUnknown, InputRefused

AGAIN = "resettled"


def require(home: Path, names: list[str], what: str) -> None:
    """Raises InputRefused naming every id under which nothing is settled in the home, and those that there are."""
    there = [path.stem for path in homes.settled(home)]
    faults = [str(DeliveryUnknown(name, home, there)) for name in dict.fromkeys(names) if name not in there]
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


def unheard(text: str) -> None:
    """Where nobody is told."""


def differing(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """By what two deliveries were settled that could make their points differ: `rules`, `drg_source`, `program`.

    Deliveries by one and the same older program are alike; of one that does not say its program nothing is known.
    """
    alike = {
        "rules": one["sha256"] == other["sha256"],
        "drg_source": one["drg_source"] == other["drg_source"],
        "program": one["program"] is not None and one["program"] == other["program"],
    }
    return [name for name, is_alike in alike.items() if not is_alike]


def again(
    con: duckdb.DuckDBPyConnection,
    activity: dict[str, Any],
    rules: dict[str, Any],
    targets: Iterable[str],
    what: str,
    progress: Progress = silent,
    tell: Callable[[str], None] = unheard,
) -> str:
    """Settle the activity of an attached delivery again in memory under the rules and prices of another; the database
    that holds the tables `targets`. `tell` hears beforehand that this takes its time.

    Raises InputRefused where only one of them has its stays grouped anew, or by other definition tables: what the
    rules do could not be told from what the grouping does. And where the other is settled by another program than this
    one: what the program does would be taken for what the activity does.
    """
    faults = []
    if _grouped_by(con, activity) != _grouped_by(con, rules):
        faults.append(
            f"The stays of {activity['delivery']} (--drg-source {activity['drg_source']}) and {rules['delivery']}"
            f" ({rules['drg_source']}) are not grouped by the same definition tables."
            " Settle both with the same source."
        )
    if rules["program"] != program_version()["source_sha256"]:
        faults.append(
            f"{activity['delivery']} must be settled again by this version of the program, and {rules['delivery']} is"
            f" settled by another, with which it cannot be compared. Settle {rules['delivery']} again first."
        )
    if faults:
        raise InputRefused(what, faults)
    why = {
        "rules": f"rule sets {activity['ruleset']} and {rules['ruleset']} differ",
        "drg_source": "the stays' DRG is from other sources",
        "program": "they are not settled by one version of the program",
    }
    tell(
        f"{activity['delivery']} is settled again under the rules of {rules['delivery']}"
        f" ({', '.join(why[name] for name in differing(activity, rules))})."
        " This takes most of a settlement's time; nothing of it is kept."
    )
    con.execute(f"attach ':memory:' as {AGAIN}")
    reading = {
        "landing": f"{activity['alias']}.landing",
        "regrouped": f"{activity['alias']}.regrouped",
        "ref": f"{rules['alias']}.ref",
    }
    run(WAY, con, into=AGAIN, reading=reading, only=[one.name for one in needed(targets)], progress=progress)
    return AGAIN


def _grouped_by(con: duckdb.DuckDBPyConnection, side: dict[str, Any]) -> list[dict[str, Any]]:
    """By which definition tables the stays are grouped anew; empty where they are not."""
    with workspace.of_this_version(side["delivery"]):
        return workspace.rows(
            con, f"select definitions_sha256, group_episodes from {side['alias']}.regrouped.option order by all"
        )
