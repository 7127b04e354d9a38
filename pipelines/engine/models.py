"""The SQL models: found in `sql/`, ordered by what they read, run in DuckDB.

A file is one `select` and makes the table of its own name; `-- as: view` in its header makes a view. A folder inside
a numbered folder is a union: all its files have the same columns and the folder's name is the view over them, so a
new supplement is one new file. Nothing here knows what a model means.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb
import sqlglot
from sqlglot import exp

SQL_FOLDER = Path(__file__).resolve().parents[2] / "sql"

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Model:
    """One SQL file: `name` of its table, `layer` (the numbered folder), its `sql` and what it reads."""

    name: str
    layer: str
    path: Path | None
    sql: str
    is_view: bool
    reads: frozenset[str] = field(default_factory=frozenset)
    header: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def statement(self) -> str:
        return f"create or replace {'view' if self.is_view else 'table'} {self.name} as\n{self.sql}"


def header_of(sql: str) -> dict[str, str]:
    """The `-- key: text` lines at the top of a file; `column x` keys keep their order."""
    lines: dict[str, str] = {}
    for line in sql.splitlines():
        match = re.match(r"-- ([a-z]+(?: \w+)?): (.*)", line)
        if not match:
            break
        lines[match.group(1)] = match.group(2).strip()
    return lines


def tables_read(sql: str) -> frozenset[str]:
    """Names of the tables a select reads, without its own CTEs; a schema stays in the name (`landing.episode`)."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    own = {cte.alias_or_name for cte in tree.find_all(exp.CTE)}
    found = set()
    for table in tree.find_all(exp.Table):
        # A CTE may have the name of the table it reads: then the reference inside that CTE is to the table.
        inside = table.find_ancestor(exp.CTE)
        if table.db:
            found.add(f"{table.db}.{table.name}")
        elif table.name and (table.name not in own or (inside is not None and inside.alias_or_name == table.name)):
            found.add(table.name)
    return frozenset(found)


@cache
def models(first: int = 0, last: int = 79) -> tuple[Model, ...]:
    """The models of the numbered folders `first` to `last`, each after what it reads (ties by name, always the same).

    Folders to 79 are the settlement; 80 is the quality checks and 90 the simulation, which read the warehouse.
    """
    found = {model.name: model for model in _read(SQL_FOLDER, first, last)}
    graph = {name: sorted(model.reads & found.keys()) for name, model in sorted(found.items())}
    return tuple(found[name] for name in TopologicalSorter(graph).static_order())


def _read(folder: Path, first: int, last: int) -> Iterable[Model]:
    for layer in sorted(path for path in folder.iterdir() if path.is_dir()):
        if not first <= int(layer.name.partition("_")[0]) <= last:
            continue
        for path in sorted(layer.glob("*.sql")):
            yield _model(path, layer.name)
        for union in sorted(path for path in layer.iterdir() if path.is_dir()):
            members = [_model(path, layer.name) for path in sorted(union.glob("*.sql"))]
            yield from members
            sql = "\nunion all\n".join(f"select * from {member.name}" for member in members)
            yield Model(
                union.name,
                layer.name,
                None,
                sql,
                True,
                frozenset(member.name for member in members),
                {"what": f"all rows of the models in {union.name}/", "grain": "one row per stay and rule"},
            )


def _model(path: Path, layer: str) -> Model:
    sql = path.read_text(encoding="utf-8")
    header = header_of(sql)
    return Model(path.stem, layer, path, sql, header.get("as") == "view", tables_read(sql), header)


def run_models(con: duckdb.DuckDBPyConnection, progress: Progress | None = None) -> None:
    """Run every model in order in the connection's database. `progress(name, number, of)` is called before each."""
    ordered = models()
    for number, model in enumerate(ordered, 1):
        if progress:
            progress(model.name, number, len(ordered))
        run_model(con, model)


def run_model(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make one model's table or view; a DuckDB error is raised again with the file's name."""
    try:
        con.execute(model.statement)
    except duckdb.Error as error:
        error.add_note(f"in model {model.name} ({model.path})")
        raise
