"""One chunk of the plan, from courses of treatment to the tables of the delivery.

course → stay (+ companions) → episode → revisions → errors → codes → tables of the contract.
"""

from collections.abc import Callable
from typing import Any

import duckdb
import pyarrow as pa

from pipelines.delivery import contract
from pipelines.generate import errors, revisions, tables

COMPANION_STEP = 1 << 34  # a companion's stay number is its parent's plus this times the companion's number
NEXT_YEAR = 1 << 33  # stays that end after the year: their number is the stay's own plus this
ONCE = 10_000_000_000  # people who have one course only: the number of the course plus this

CHILDREN = ("tilstand", "prosedyre", "helseperson", "takst")


STEPS = ("courses", "stays", "episodes", "medicines", "features", "codes", "tables")


def make(
    con: duckdb.DuckDBPyConnection, chunk: int, numbers: dict[str, Any], tell: Callable[[str], None] = lambda step: None
) -> dict[str, pa.Table]:
    """The tables of one chunk: those of the delivery, and `fasit`, `endringer` and `kostnader` where there are any.

    `tell(step)` is called before each of STEPS.
    """
    try:
        return _make(
            con,
            {
                **numbers,
                "chunk": chunk,
                "companion_step": COMPANION_STEP,
                "next_year": NEXT_YEAR,
                "once": ONCE,
            },
            tell,
        )
    finally:
        con.close()


def _make(con: duckdb.DuckDBPyConnection, numbers: dict[str, Any], tell: Callable[[str], None]) -> dict[str, pa.Table]:
    steps = iter(STEPS)
    con.execute("begin")  # nothing here is kept: one transaction spares the work of many
    tell(next(steps))
    tables.create(con, "course", numbers, temp=True)
    tell(next(steps))
    tables.create(con, "stay", numbers, temp=True)
    tables.insert(con, "stay", "add_companions", numbers)
    tell(next(steps))
    tables.create(con, "episode", numbers, temp=True)
    tell(next(steps))
    tables.create(con, "medicine_user", numbers, temp=True)
    tables.create(con, "hresept", numbers, temp=True)
    revisions.revise(con, numbers)
    with_errors = bool(numbers["errors"])
    if with_errors:
        errors.choose(con, numbers)
        errors.copy_rows(con)
    else:
        tables.create(con, "empty_error_row", temp=True, table="error_row")
    tell(next(steps))
    tables.create(con, "feature", numbers, temp=True)
    _places_of_activity(con)
    tell(next(steps))
    tables.create(con, "coded", numbers, temp=True)
    if with_errors:
        errors.change_codes(con)
    tell(next(steps))
    made = {
        "episode": _rows(con, contract.EPISODE, with_errors),
        **{name: tables.query(con, name, numbers).to_arrow_table() for name in CHILDREN},
        "hresept": _rows(con, contract.HRESEPT, with_errors),
    }
    if with_errors:
        for name in ("fasit", "fasit_makro"):
            made[name] = tables.query(con, name, numbers).to_arrow_table()
    if numbers["delivery"] == 2:
        made["endringer"] = tables.query(con, "endringer").to_arrow_table()
    if numbers["costs"]:
        made["kostnader"] = tables.query(con, "kostnader", numbers).to_arrow_table()
    con.execute("commit")
    return made


def _rows(con: duckdb.DuckDBPyConnection, table: contract.Table, with_errors: bool) -> pa.Table:
    """The columns of the contract that the generator has."""
    there = {name for name, *_ in con.execute(f"describe {table.name}").fetchall()}
    columns = [column.name for column in table.columns if column.name in there]
    if with_errors:
        return con.execute(errors.patched(con, table.name, columns)).to_arrow_table()
    shown = ", ".join(f'"{c}"' for c in columns)
    return con.execute(f"select {shown} from {table.name}").to_arrow_table()


def _places_of_activity(con: duckdb.DuckDBPyConnection) -> None:
    """Features that are a place: ambulatory contacts, and video and telephone."""
    con.execute("""
        update episode set
            "stedAktivitet" = f.place,
            "kontaktType" = if(f.place = 6, if(ek % 4 = 0, 7, 6), "kontaktType")
        from (
            select ep_nr, min(code)::tinyint as place from feature where place = 'stedAktivitet' group by 1
        ) as f
        where f.ep_nr = episode.ep_nr and usual_place is null and episodetype = 'K'""")
