"""The faults of a rule set: the models of `sql/10_rules`, which must be empty, run on the rule set alone.

They run when a rule set is read, before a delivery is looked at; a row is a fault: its place (file and row), what is
wrong with which value, and the remedy. Whether cells and keys can be read at all is judged before (`read`, `register`).
"""

import contextlib
import re
from collections.abc import Callable

import duckdb

from pipelines.engine.models import RULES, model_in, run, run_model
from pipelines.engine.workspace import connect, literal
from pipelines.rules import reads


def faults(rules, fill: Callable) -> list[str]:
    """One sentence or two per fault, in the order of files and rows. `fill` puts the set into schema `ref`."""
    with contextlib.closing(connect(threads=1)) as con:
        fill(rules, con)
        return faults_in(con)


def faults_in(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The same for the rule set that schema `ref` of the connection holds."""
    # As text: bound values would make DuckDB import pandas, which takes longer than the checks.
    numbers = ", ".join(f"({literal(rule)}, {literal(name)})" for rule, name in sorted(reads.numbers_read()))
    con.execute(
        f"create or replace temp table number_read as select * from (values {numbers}) as read(rule, parameter)"
    )
    run_model(con, model_in("40_services", "stg_period"))
    run(RULES, con)
    found = con.execute("select place, fault, remedy from ruleset_fault").fetchall()
    return [f"{place}: {fault}. {remedy}" for place, fault, remedy in sorted(found, key=_order)]


def _order(row: tuple[str, str, str]) -> list[tuple[int, str]]:
    """Row 2 before row 10."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", " ".join(row)) if part]
