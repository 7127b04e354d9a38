"""What `find` finds, from the rows of the patients concerned alone.

Everything that is told of an id is about one patient or the one row of a region, and a patient's rows are a few among
the millions of a year. So whose the id is is looked up first, and the tables of the warehouse are hidden behind
temporary ones of the same names with the rows that can be told of; what is computed from them is the same.
"""

import contextlib
from collections.abc import Iterable, Iterator, Sequence

import duckdb

from pipelines.engine import workspace
from pipelines.engine.workspace import literal, of_this_version
from pipelines.explain.find import Facts, find, find_near
from pipelines.explain.queries import text

# A view of the warehouse reads the warehouse's tables; made anew, they read the rows shown.
VIEWS = ("30_stays/stay_episode", "50_points/stay_base", "70_settlement/ledger")
OF_PATIENT = ("service", "service_candidate", "pathway", "prescription")
OF_UNIT = ("ledger_further", "pathway_zeroing")
FEW = 2
OTHER_IDS = (
    ("episode", "episode_id"),
    ("service", "service_id"),
    ("service_candidate", "candidate_id"),
    ("pathway", "pathway_id"),
    ("prescription", "dispensing_id"),
)


def explained(con: duckdb.DuckDBPyConnection, identifier: str) -> tuple[list[Facts], list[str]]:
    """What `find_near` gives, on a connection to a warehouse as its settlement left it."""
    return find_near(con, identifier, find=_find)


def show_views(con: duckdb.DuckDBPyConnection) -> None:
    """Make the views that `find` reads anew, of the temporary tables or views that are shown."""
    for view in VIEWS:
        con.execute(f"create or replace temp view {view.partition('/')[2]} as {text(view)}")


def _find(con: duckdb.DuckDBPyConnection, identifier: str, quarantine: str) -> list[Facts]:
    with of_this_version("isf explain"), _shown(con, identifier):
        return find(con, identifier, quarantine)


@contextlib.contextmanager
def _shown(con: duckdb.DuckDBPyConnection, identifier: str) -> Iterator[None]:
    """Only the rows that can be told of, under the names of the tables, meanwhile."""
    (database,) = workspace.only_row(con, "select current_database()")
    whole = f"{workspace.identifier(database)}.main"
    shown: list[str] = []

    def show(name: str, column: str, values: Sequence[object]) -> None:
        # Their places first: then the other columns are read only there.
        found = con.execute(_places(f"{whole}.{name}", column, values)).fetchall() if values else []
        places = f"select unnest(cast([{_list(place for (place,) in found)}] as bigint[]))"
        chosen = f"where rowid in ({places})" if found else "limit 0"
        con.execute(f"create temp table {name} as select * from {whole}.{name} {chosen}")
        shown.append(name)

    def column(name: str, of: str) -> list[object]:
        return [value for (value,) in con.execute(f"select {name} from temp.main.{of}").fetchall()]

    try:
        numbers = _episodes(con, identifier)
        show("episode", "episode_nr", numbers)
        show("merged_episode", "episode_nr", numbers)
        patients = _whose(con, identifier)  # of the episodes shown, which are not looked through once more
        for name in OF_PATIENT:
            show(name, "patient_id", patients)
        pathways = column("pathway_id", "pathway")
        show("pathway_member", "pathway_id", pathways)
        # A stay has the number of its first episode.
        show("stay", "stay_nr", [*numbers, *(number for number in column("stay_nr", "pathway_member") if number)])
        units = [*column("stay_id", "stay"), *column("service_id", "service"), *pathways, *_regions(con, identifier)]
        for name in OF_UNIT:
            show(name, "unit_id", units)
        show_views(con)
        yield
    finally:
        for view in VIEWS:
            con.execute(f"drop view if exists temp.main.{view.partition('/')[2]}")
        for name in shown:
            con.execute(f"drop table temp.main.{name}")


def _episodes(con: duckdb.DuckDBPyConnection, identifier: str) -> list[int]:
    """Numbers of the episodes that are told of: those of the stay that an episode belongs to, and all of a patient."""
    asked = literal(identifier)
    found = con.execute(
        f"""
        with asked as (select episode_nr from episode where episode_id = {asked})
        select episode_nr from asked
        union
        select episode_nr from merged_episode where stay_nr in (
            select stay_nr from merged_episode where episode_nr in (from asked)
        )
        union
        select episode_nr from episode where patient_id = {asked}
        order by episode_nr
        """
    ).fetchall()
    return [number for (number,) in found]


def _whose(con: duckdb.DuckDBPyConnection, identifier: str) -> list[str]:
    """The patients whose the id is, in order; it may be a patient's own."""
    asked = literal(identifier)
    parts = [f"select {asked} as patient_id"]
    parts += [f"select patient_id from {table} where {column} = {asked}" for table, column in OTHER_IDS]
    found = con.execute(f"select patient_id from ({' union '.join(parts)}) order by patient_id").fetchall()
    return [patient for (patient,) in found]


def _regions(con: duckdb.DuckDBPyConnection, identifier: str) -> list[str]:
    """The region whose id it is, if it has a deduction of its own."""
    asked = f"select residence_rhf_orgnr from regional_deduction where residence_rhf_orgnr = {literal(identifier)}"
    return [region for (region,) in con.execute(asked).fetchall()]


def _places(table: str, column: str, values: Sequence[object]) -> str:
    """The places of the rows with one of the values: one by one where they are few, as DuckDB reads a column faster
    for one value than for two."""
    select = f"select rowid from {table} where {column}"
    if len(values) <= FEW:
        return " union all ".join(f"{select} = {_list([one])}" for one in values)
    return f"{select} in ({_list(values)})"


def _list(values: Iterable[object]) -> str:
    return ", ".join(str(one) if isinstance(one, int) else literal(one) for one in values)
