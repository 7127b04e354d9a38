"""A settled delivery opened for simulation: the warehouse attached read-only, and the cube beside it.

The cube is `<home>/simulation/<delivery>.cube.duckdb`: the models of `sql/simulation` with `-- keep:
cube`. It is built once and again when the warehouse or those models differ. Nothing is ever written into the
warehouse.
"""

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from pipelines.engine import home as homes
from pipelines.engine.models import Model, models
from pipelines.engine.workspace import connect, of_this_version, show
from pipelines.errors import IsfError
from pipelines.rules import load as rulesets
from pipelines.rules.load import Ruleset

Progress = Callable[[str, int, int], None]
LANDING = (
    "delivery", "episode", "tilstand", "prosedyre", "helseperson", "takst", "enhet", "hresept", "akonto",
    "quarantine", "unparsed", "row_account",
)  # fmt: skip


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

    @contextlib.contextmanager
    def inside(self, database: str) -> Iterator[None]:
        """Names without database mean this database meanwhile."""
        before = self.con.execute("select current_database()").fetchone()[0]
        self.con.execute(f"use {database}")
        try:
            yield
        finally:
            self.con.execute(f"use {before}")

    def drop(self, database: str) -> None:
        self.con.execute(f"detach {database}")

    def rules(self, ruleset: Ruleset) -> str:
        """The database whose schema `ref` holds a rule set; filled once."""
        if ruleset.sha256 not in self.filled:
            database = self.database("rules")
            with self.inside(database):
                rulesets.fill(ruleset, self.con)
            self.con.execute(f"create table {database}.ref.run_option as select * from wh.ref.run_option")
            self.filled[ruleset.sha256] = database
        return self.filled[ruleset.sha256]

    def show_rules(self, ruleset: Ruleset, database: str, schema: str = "ref") -> None:
        """Views on the tables of a rule set in a schema of `database`."""
        source = self.rules(ruleset)
        with self.inside(database):
            show(self.con, schema, f"{source}.ref")

    def make(self, database: str, *names: str, view: bool = False) -> None:
        """Make models of sql/simulation in a database whose names they read."""
        with self.inside(database):
            for name in names:
                model = simulation_model(name)
                kind = "view" if view or model.is_view else "table"
                execute(self.con, f"create or replace {kind} {name} as\n{model.sql}", model)


def execute(con: duckdb.DuckDBPyConnection, statement: str, model: Model) -> None:
    """Run a model's statement; an error is raised again with the file's name. Raises IsfError where the
    warehouse lacks what the model reads: then another version of the program has made it."""
    with of_this_version(f"model {model.name}"):
        try:
            con.execute(statement)
        except duckdb.Error as error:
            error.add_note(f"in model {model.name} ({model.path})")
            raise


def simulation_model(name: str) -> Model:
    return next(model for model in models("simulation") if model.name == name)


def settled(home: Path, activity: str) -> Path:
    """The warehouse of a settled delivery. Raises IsfError naming those that there are."""
    path = homes.warehouse(home, activity)
    if not path.is_file():
        there = sorted(p.stem for p in (home / "warehouse").glob("[!.]*.duckdb"))
        raise IsfError(
            f"There is no settled delivery {activity} under {home}; there are: {', '.join(there) or 'none'}. "
            f"Run `isf settle DELIVERY --home {home}` first."
        )
    return path


@contextlib.contextmanager
def opened(
    home: Path,
    activity: str,
    *,
    threads: int = 2,
    memory_limit: str = "8GB",
    progress: Progress | None = None,
) -> Iterator[Activity]:
    """The activity, ready to be evaluated; closed at the end. Raises IsfError when it is not settled."""
    warehouse = settled(home, activity)
    with contextlib.closing(connect(threads=threads, memory_limit=memory_limit)) as con:
        spill = home / "simulation" / f".building-{os.getpid()}-spill"
        con.execute(f"set temp_directory = '{_quoted(spill)}'")
        con.execute("set preserve_insertion_order = false")
        con.execute(f"attach '{_quoted(warehouse)}' as wh (read_only)")
        found = con.execute(
            "select d.delivery, d.year, r.ruleset, r.sha256 from wh.landing.delivery as d, wh.ref.ruleset as r"
        ).fetchone()

        def tell(step: str) -> None:
            if progress:
                progress(step, 1, 1)

        opened_activity = Activity(con, *found, tell)
        _look(opened_activity)
        _cube(opened_activity, home, warehouse)
        try:
            yield opened_activity
        finally:
            homes.remove(spill)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _look(activity: Activity) -> None:
    """Database `look`: everything of the warehouse under its own names, as views."""
    con = activity.con
    con.execute("attach ':memory:' as look")
    with activity.inside("look"):
        show(con, "*", "wh")
        con.execute("create schema other")


def _cube(activity: Activity, home: Path, warehouse: Path) -> None:
    """Attach the cube as `cube`, built anew if it is not of this warehouse and these models."""
    folder = home / "simulation"
    folder.mkdir(parents=True, exist_ok=True)
    os.chmod(folder, 0o700)
    homes.remove_stale(folder)
    kept = [model for model in models("simulation") if model.header.get("keep") == "cube"]
    stat = warehouse.stat()
    identity = hashlib.sha256(
        "\n".join(
            [
                str(stat.st_size),
                str(stat.st_mtime_ns),
                activity.ruleset_sha256,
                *(model.sql for model in kept),
            ]
        ).encode()
    ).hexdigest()
    path = folder / f"{warehouse.stem}.cube.duckdb"
    con = activity.con
    if not _is(con, path, identity):
        building = folder / f".building-{os.getpid()}-{path.name}"
        con.execute(f"attach '{_quoted(building)}' as building")
        os.chmod(building, 0o600)
        with activity.inside("look"):
            for model in kept:
                activity.tell(f"cube: {model.name}")
                execute(con, f"create table building.{model.name} as\n{model.sql}", model)
        con.execute("create table building.identity as select cast(? as varchar) as identity", [identity])
        con.execute("detach building")
        os.replace(building, path)
        for leftover in folder.glob(f"{building.name}*"):
            homes.remove(leftover)
        con.execute(f"attach '{_quoted(path)}' as cube (read_only)")
    for model in kept:
        con.execute(f"create or replace view look.{model.name} as select * from cube.{model.name}")


def _is(con: duckdb.DuckDBPyConnection, path: Path, identity: str) -> bool:
    """Whether the file is the cube of that identity; it is then attached."""
    if not path.is_file():
        return False
    try:
        con.execute(f"attach '{_quoted(path)}' as cube (read_only)")
        if con.execute("select identity from cube.identity").fetchone() == (identity,):
            return True
        con.execute("detach cube")
    except duckdb.Error:
        with contextlib.suppress(duckdb.Error):
            con.execute("detach cube")
    return False
