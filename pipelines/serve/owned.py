"""The warehouse as far as it can know an id: the rows of the patients whose id it is, or whose ids are most like it.

As `pipelines.explain.patient` shows `isf explain` the rows of a patient or a few, but found by the index of
`pipelines.serve.prepare` instead of by reading the tables of a whole year.
"""

from typing import Any

import duckdb

from pipelines.engine.workspace import literal
from pipelines.explain.find import Facts, find_near, near
from pipelines.explain.patient import show_views
from pipelines.explain.queries import text
from pipelines.serve.prepare import PLACED, QUARANTINE

# As many patients' rows are looked at where nothing has the id.
MOST_NEAR = 12
FEW_ROWS = 60
MOST_ROWS = 1_000_000_000
VIEW = "quarantine_of_owner"


def explained(con: duckdb.DuckDBPyConnection, identifier: str) -> tuple[list[Facts], list[str]]:
    """What `find_near` gives, from the rows of the patients concerned alone."""
    return find_near(con, identifier, VIEW) if narrow(con, identifier) else ([], [])


def known(con: duckdb.DuckDBPyConnection, identifier: str) -> tuple[bool, list[str]]:
    """Whether something has the id, upper and lower case alike; where nothing has, the ids most like it."""
    if _owners(con, f"spelling = hash({literal(identifier.lower())})"):
        return True, []
    return False, near(con, identifier, VIEW) if narrow(con, identifier) else []


def owners_of(con: duckdb.DuckDBPyConnection, identifier: str) -> list[Any]:
    """Whose the id is; where it is nobody's, whose ids are one letter from it, as many as are looked at."""
    con.execute(f"set variable text = {literal(identifier)}")
    return _owners(con, f"spelling = hash({literal(identifier.lower())})") or _owners(
        con, f"spelling in (select hash(spelling) from ({_near()}))", f"limit {MOST_NEAR}"
    )


def narrow(con: duckdb.DuckDBPyConnection, identifier: str) -> bool:
    """Show on this connection only the rows of those whose id it is, or whose id is one letter from it; False, and
    nothing else, where there are none."""
    owners = owners_of(con, identifier)
    if not owners:
        return False
    chosen = [f"select source, place from index.main.owned_row where owner = {owner}" for owner in owners]
    con.execute(f"create or replace temp table owned_place as {' union all '.join(chosen)}")
    rows = dict(con.execute("select source, count(*) from owned_place group by source").fetchall())
    for name in PLACED:
        _show(con, name, f"warehouse.main.{name}", name, rows.get(name, 0))
    _show(con, VIEW, f"warehouse.landing.{QUARANTINE}", QUARANTINE, rows.get(QUARANTINE, 0))
    show_views(con)
    return True


def _owners(con: duckdb.DuckDBPyConnection, condition: str, most: str = "") -> list[Any]:
    found = con.execute(f"select distinct owner from index.main.known_owner where {condition} order by owner {most}")
    return [owner for (owner,) in found.fetchall()]


def _show(con: duckdb.DuckDBPyConnection, view: str, table: str, source: str, rows: int) -> None:
    places = f"select place from temp.main.owned_place where source = {literal(source)}"
    # The limit keeps what is asked of the rows from being asked of all rows of the table before the places are. Where
    # many rows lie all over the table, asking them all is quicker than fetching these.
    first = f" limit {MOST_ROWS}" if rows <= FEW_ROWS else ""
    con.execute(f"create or replace temp view {view} as select * from {table} where rowid in ({places}){first}")


def _near() -> str:
    return text("serve/near_spelling")
