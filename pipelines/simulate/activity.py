"""A settled delivery opened for simulation: the warehouse attached read-only, and the cube beside it.

The cube is `<home>/simulation/<delivery>.cube.duckdb`: the models of `sql/simulation_cube`. It is built once, and
again when the warehouse or those models differ. Nothing is ever written into the warehouse.
"""

import contextlib
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from pipelines.engine import home as homes
from pipelines.engine import workspace
from pipelines.engine.models import models, run
from pipelines.engine.progress import Progress, silent
from pipelines.rules import load as rulesets
from pipelines.rules.load import Ruleset

UNITS = "simulation_unit"
CUBE = "simulation_cube"


@dataclass
class Activity:
    """An open activity. `con` has the databases `wh` (the warehouse), `cube` and `look` (views on both)."""

    con: duckdb.DuckDBPyConnection
    delivery: str
    year: int
    ruleset: str
    ruleset_sha256: str
    tell: Callable[[str], None]
    made: int = 0
    filled: dict[str, str] = field(default_factory=dict)

    def database(self, kind: str) -> str:
        """A new empty database in memory; its name."""
        self.made += 1
        name = f"{kind}_{self.made}"
        self.con.execute(f"attach ':memory:' as {name}")
        return name

    def rules(self, ruleset: Ruleset) -> str:
        """The schema that holds a rule set, as `database.ref`; filled once."""
        if ruleset.sha256 not in self.filled:
            database = self.database("rules")
            with workspace.inside(self.con, database):
                rulesets.fill(ruleset, self.con)
            self.con.execute(f"create table {database}.ref.run_option as select * from wh.ref.run_option")
            self.filled[ruleset.sha256] = database
        return f"{self.filled[ruleset.sha256]}.ref"


@contextlib.contextmanager
def opened(
    home: Path,
    activity: str,
    *,
    threads: int = workspace.THREADS,
    memory_limit: str = workspace.MEMORY_LIMIT,
    progress: Progress = silent,
) -> Iterator[Activity]:
    """The activity, ready to be evaluated; closed at the end. Raises IsfError when it is not settled."""
    warehouse = homes.find_warehouse(home, activity)
    folder = homes.make(homes.cube(home, activity).parent)
    with workspace.desk(homes.building(folder, "spill"), threads=threads, memory_limit=memory_limit) as con:
        workspace.attach(con, warehouse, "wh")
        delivery, year, ruleset, sha256 = workspace.only_row(
            con,
            "select d.delivery, d.year, r.ruleset, r.sha256 from wh.landing.delivery as d, wh.ref.ruleset as r",
        )
        opened_activity = Activity(con, delivery, year, ruleset, sha256, lambda step: progress(step, 1, 1))
        con.execute("attach ':memory:' as look")
        with workspace.inside(con, "look"):
            workspace.show(con, "*", "wh")
        _cube(opened_activity, homes.cube(home, activity), warehouse)
        yield opened_activity


def _cube(activity: Activity, path: Path, warehouse: Path) -> None:
    """Attach the cube as `cube`, built anew if it is not of this warehouse and these models; show it in `look`."""
    con, kept = activity.con, [model.name for model in models(CUBE)]
    state = warehouse.stat()
    texts = (one.sql for stage in (UNITS, CUBE) for one in models(stage))
    made_from = [state.st_size, state.st_mtime_ns, activity.ruleset_sha256, *texts]
    identity = hashlib.sha256("\n".join(map(str, made_from)).encode()).hexdigest()
    if not _is(con, path, identity):
        making = activity.database("making")
        tell = activity.tell
        run(UNITS, con, into=making, reading={"*": "wh"})
        run(CUBE, con, into=making, progress=lambda name, *_: tell(f"cube: {name}"))
        with workspace.building(path) as (building, put_in_place):
            workspace.attach(con, building, "building", read_only=False)
            workspace.keep(con, kept, making, "building")
            con.execute("create table building.identity as select cast(? as varchar) as identity", [identity])
            con.execute("detach building")
            put_in_place()
        con.execute(f"detach {making}")
        workspace.attach(con, path, "cube")
    with workspace.inside(con, "look"):
        for name in kept:
            workspace.show(con, name, f"cube.main.{name}")
    run(UNITS, con, into="look")


def _is(con: duckdb.DuckDBPyConnection, path: Path, identity: str) -> bool:
    """Whether the file is the cube of that identity; it is then attached."""
    if not path.is_file():
        return False
    try:
        workspace.attach(con, path, "cube")
        if con.execute("select identity from cube.identity").fetchone() == (identity,):
            return True
        con.execute("detach cube")
    except duckdb.Error:
        with contextlib.suppress(duckdb.Error):
            con.execute("detach cube")
    return False
