"""Stays and episodes of a delivery grouped anew: from the tables of a warehouse to schema `regrouped` of a database.

`regrouped.stay_drg`, `regrouped.stay_finding` (by `unit_nr` = `stay_nr`) and `regrouped.episode_drg`,
`regrouped.episode_finding` (by `episode_nr`); empty where nothing is grouped. What a case is made of is in
`sql/grouper_unit`; whether its DRG is used is decided in the settlement.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from pipelines.engine import models
from pipelines.engine.progress import Progress, silent
from pipelines.engine.workspace import identifier
from pipelines.grouper import sets

SCHEMA = "regrouped"
RESULTS = ("unit_drg", "unit_finding")
DRG_COLUMNS = "unit_nr bigint, drg varchar, ord varchar, rtc varchar, mdc varchar, hdg varchar, is_in_list boolean"
OPTION_COLUMNS = "definitions varchar, definitions_year integer, definitions_sha256 varchar, group_episodes boolean"
FINDING_COLUMNS = "unit_nr bigint, finding varchar"
KINDS = ("stay", "episode")


@dataclass(frozen=True)
class Regrouping:
    """Stays are grouped anew by definition tables (§7.18), and with `episodes` the episodes too, before merging."""

    definitions: sets.DefinitionSet
    episodes: bool = False


def prepare(con: duckdb.DuckDBPyConnection, regrouping: Regrouping | None = None) -> None:
    """Schema `regrouped` of the connection's database: nothing grouped yet, and in `option` by what it will be."""
    con.execute(f"create schema if not exists {SCHEMA}")
    con.execute(f"create or replace table {SCHEMA}.option ({OPTION_COLUMNS})")
    if regrouping:
        tables = regrouping.definitions
        con.execute(
            f"insert into {SCHEMA}.option values (?, ?, ?, ?)",
            [tables.id, tables.year, tables.sha256, regrouping.episodes],
        )
    for kind in KINDS:
        con.execute(f"create or replace table {SCHEMA}.{kind}_drg ({DRG_COLUMNS})")
        con.execute(f"create or replace table {SCHEMA}.{kind}_finding ({FINDING_COLUMNS})")
    con.execute(
        f"create or replace table {SCHEMA}.nothing_merged"
        " (episode_nr bigint, unit_nr bigint, is_first boolean, is_main boolean)"
    )


def group_stays(
    con: duckdb.DuckDBPyConnection,
    definitions: sets.DefinitionSet,
    *,
    source: str,
    into: str | None = None,
    progress: Progress = silent,
) -> None:
    """Group every stay of the database `source` anew, into schema `regrouped` of the database `into` (or the same).

    The source has schema `landing` and `ref`, and the models `reported_episode`, `episode` and
    `merged_episode`.
    """
    members = {name: f"{identifier(source)}.main.{name}" for name in ("reported_episode", "episode", "merged_episode")}
    _group(con, definitions, "stay", source, into or source, members, progress)


def group_episodes(
    con: duckdb.DuckDBPyConnection,
    definitions: sets.DefinitionSet,
    *,
    source: str,
    into: str | None = None,
    progress: Progress = silent,
) -> None:
    """Group every accepted episode of the database `source` by itself; see `group_stays`."""
    members = {
        "reported_episode": f"{identifier(source)}.main.reported_episode",
        "lone_unit": f"{identifier(source)}.landing.episode",
        "merged_unit": f"{identifier(into or source)}.{SCHEMA}.nothing_merged",
    }
    _group(con, definitions, "episode", source, into or source, members, progress)


def _group(
    con: duckdb.DuckDBPyConnection,
    definitions: sets.DefinitionSet,
    kind: str,
    source: str,
    into: str,
    members: dict[str, str],
    progress: Progress,
) -> None:
    with _database(con, "group_rules") as rules, _database(con, "group_work") as work:
        sets.load(definitions, con, rules)
        compiled = {one.name: f"{rules}.main.{one.name}" for one in models.models("grouper_rules")}
        compiled |= {"definition": f"{rules}.definition"}
        delivery = {"landing": f"{source}.landing", "ref": f"{source}.ref"}
        models.run("grouper_unit", con, into=work, reading={**compiled, **delivery, **members}, progress=progress)
        models.run("grouper", con, into=work, reading=compiled, progress=progress)
        with _database(con, "group_birthday") as birthday:
            cases = {
                "drg_case": f"{work}.main.birthday_case",
                "case_diagnosis": f"{work}.main.birthday_diagnosis",
                "case_procedure": f"{work}.main.birthday_procedure",
            }
            models.run("grouper", con, into=birthday, reading={**compiled, **cases}, progress=progress)
            results = {"birthday_grouped": f"{birthday}.main.grouped_case"}
            models.run("grouper_unit_result", con, into=work, reading=results, progress=progress)
        for result in RESULTS:
            name = result.replace("unit", kind)
            target = f"{identifier(into)}.{SCHEMA}.{name}"
            con.execute(f"create or replace table {target} as select * from {work}.main.{result}")


@contextlib.contextmanager
def _database(con: duckdb.DuckDBPyConnection, name: str) -> Iterator[str]:
    """A database in memory while it is used; its name."""
    con.execute(f"attach ':memory:' as {name}")
    try:
        yield name
    finally:
        con.execute(f"detach {name}")
