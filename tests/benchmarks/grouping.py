"""The cases that the grouper is measured with: the stays of a delivery, and the definition tables they are grouped by.

The tables are those at `GROUPER_TABLES` (a file or folder as published), else the invented ones. A code that they do
not know is replaced by one that they do, in turn, so that the rules have something to decide whatever the tables.
"""

import os
from pathlib import Path

import duckdb

from pipelines.engine import models
from pipelines.grouper import sets
from pipelines.settlement import run as runs

TABLES = "GROUPER_TABLES"
EXAMPLE = Path(__file__).resolve().parents[2] / "reference_data" / "grouper-example"
MEMBERS = ("reported_episode", "episode", "merged_episode")
CASES = ("drg_case", "case_diagnosis", "case_procedure")


def definitions(work: Path) -> sets.DefinitionSet:
    """The tables, imported into a home of the benchmark."""
    source = Path(os.environ.get(TABLES) or EXAMPLE)
    found, _ = sets.import_set(source, work / "grouper", year=2025, id=source.stem)
    return found


def prepare(delivery: Path, con: duckdb.DuckDBPyConnection, chosen: sets.DefinitionSet) -> None:
    """Load the delivery, make its stays and their cases with codes replaced: the tables `CASES` in database `cases`."""
    runs.load(delivery, con)
    con.execute("set preserve_insertion_order = false")
    models.run(models.WAY, con, only=[one.name for one in models.needed(MEMBERS)])
    home = con.execute("select current_database()").fetchone()[0]
    for name in ("rules", "units", "cases"):
        con.execute(f"attach ':memory:' as {name}")
    sets.load(chosen, con, "rules")
    reading = {one.name: f"rules.main.{one.name}" for one in models.models("grouper_rules")}
    reading |= {"definition": "rules.definition", "landing": f"{home}.landing", "ref": f"{home}.ref"}
    reading |= {name: f"{home}.main.{name}" for name in MEMBERS}
    models.run("grouper_unit", con, into="units", reading=reading)
    _replace(con, "case_diagnosis", "select distinct code from rules.definition.dg where d_code is null")
    _replace(con, "case_procedure", "select distinct code from rules.definition.proc")
    con.execute("create table cases.drg_case as from units.drg_case")
    con.execute("detach units")
    con.execute("detach rules")


def _replace(con: duckdb.DuckDBPyConnection, table: str, known: str) -> None:
    con.execute(
        f"""
        create table cases.{table} as
        with
        known as (select code, row_number() over (order by code) - 1 as place from ({known})),
        met as (
            select code, row_number() over (order by code) - 1 as place
            from (select distinct code from units.{table} where code not in (select code from known))
        ),
        instead as (
            select met.code, known.code as other
            from met
            inner join known on known.place = met.place % (select count(*) from known)
        )
        select reported.* replace (coalesce(instead.other, reported.code) as code)
        from units.{table} as reported
        left join instead on instead.code = reported.code
        where reported.case_nr in (select case_nr from units.drg_case)
        """
    )
