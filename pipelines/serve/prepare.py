"""What makes a national year quick to look up in: the models of `sql/serve_index`, beside the warehouse.

The ledger in the order in which it is listed, its sums in small, and where each patient's rows are. It is built once
for each warehouse, in a file of its own, and again when the warehouse or the models are others. The file appears whole.
"""

import contextlib
import hashlib
from collections.abc import Callable
from pathlib import Path

import duckdb

from pipelines.engine import workspace
from pipelines.engine.models import models, run
from pipelines.engine.progress import Progress, silent

STAGE = "serve_index"
MEMORY_LIMIT = "600MB"
# Tables of the warehouse whose rows are found by their place in the file.
PLACED = (
    "episode", "merged_episode", "stay", "service", "service_candidate", "pathway", "pathway_member",
    "pathway_zeroing", "prescription", "ledger_further",
)  # fmt: skip
QUARANTINE = "quarantine"
# Tables that are read only on the way to the others.
PASSING = ("unit_key", "unit_together")


def path_of(folder: Path, warehouse: Path) -> Path:
    """Where the index of a warehouse lies: in its own home by the delivery's name, elsewhere by the home's too, since
    several homes may have their indexes there."""
    home = warehouse.resolve().parents[1]
    of = "" if folder.resolve().parent == home else f"-{hashlib.sha256(str(home).encode()).hexdigest()[:8]}"
    return folder / f"{warehouse.stem}{of}.index.duckdb"


def identity(warehouse: Path) -> str:
    """What an index must have been made from to fit the warehouse as it is now. Raises FileNotFoundError."""
    state = warehouse.stat()
    texts = (one.sql for one in models(STAGE))
    made_from = [state.st_size, state.st_mtime_ns, state.st_ino, duckdb.__version__, *texts]
    return hashlib.sha256("\n".join(map(str, made_from)).encode()).hexdigest()


def is_of(path: Path, wanted: str) -> bool:
    """Whether the file is the index of that identity."""
    if not path.is_file():
        return False
    try:
        with contextlib.closing(workspace.connect(path, threads=1, memory_limit="100MB", read_only=True)) as con:
            return bool(con.execute("select identity from identity").fetchone() == (wanted,))
    except duckdb.Error:
        return False


def build(
    warehouse: Path,
    folder: Path,
    *,
    threads: int = workspace.THREADS,
    progress: Progress = silent,
    begun: Callable[[duckdb.DuckDBPyConnection], None] = lambda con: None,
) -> Path:
    """Build the index of a warehouse, if it is not there; its path. The warehouse is only read.
    `begun` gets the connection that builds it, whose questions somebody may want to stop.

    Raises FileNotFoundError, and IsfError where another version of the program has made the warehouse.
    """
    target, wanted = path_of(folder, warehouse), identity(warehouse)
    if is_of(target, wanted):
        return target
    with workspace.building(target) as (path, put_in_place):
        spill = path.with_name(f"{path.name}.spill")
        with workspace.desk(spill, threads=threads, memory_limit=MEMORY_LIMIT) as con:
            begun(con)
            # The order of the rows in the file is what makes them quick to find.
            con.execute("set preserve_insertion_order = true")
            workspace.attach(con, warehouse, "wh")
            workspace.attach(con, path, "made", read_only=False)
            places = {name: f"(select rowid as place, * from wh.main.{name})" for name in PLACED}
            places[f"landing.{QUARANTINE}"] = f"(select rowid as place, * from wh.landing.{QUARANTINE})"
            # A view has no places: its rows are numbered as they come, which is always in the order of the file.
            places["ledger"] = "(select row_number() over () as place, * from wh.main.ledger)"
            run(STAGE, con, into="made", reading={"*": "wh", **places}, progress=progress)
            _only_tables(con)
            con.execute("create table made.identity as select cast(? as varchar) as identity", [wanted])
            con.execute("detach made")
        put_in_place()
    return target


def _only_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Nothing is left in the file but the tables that are asked."""
    made = "where database_name = 'made' and not internal order by all"
    for schema, name in con.execute(f"select schema_name, view_name from duckdb_views() {made}").fetchall():
        con.execute(f"drop view made.{workspace.identifier(schema)}.{workspace.identifier(name)}")
    for name in PASSING:
        con.execute(f"drop table made.main.{name}")
    for (schema,) in con.execute(f"select schema_name from duckdb_schemas() {made}").fetchall():
        if schema != "main":
            con.execute(f"drop schema made.{workspace.identifier(schema)} cascade")
