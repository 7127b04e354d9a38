"""The SQL models: found in `sql/`, ordered by what they read, run in DuckDB. The engine has one verb, `run`.

A folder of `sql/` is a stage. A numbered one is a step of the data's way, from episodes to invariants; a named one is
a job beside it, which reads what the way has made. A file is one `select` and makes the table of its own name;
`-- as: view` in its header makes a view, and `-- plain:` names columns that are stored as they come: texts of which no
two are alike cost much to compress and gain little. A folder inside a stage is a union: all its files have the same
columns and the folder's name is the view over them, so a new supplement is one new file. Nothing here knows what a
model means.
"""

import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from pipelines.engine import workspace
from pipelines.engine.progress import Progress, silent
from pipelines.engine.workspace import SQL_FOLDER

WAY = "way"
RULES = "10_rules"


@dataclass(frozen=True)
class Model:
    """One SQL file: `name` of its table, `stage` (its folder), its `sql` and what it reads."""

    name: str
    stage: str
    path: Path | None
    sql: str
    is_view: bool
    reads: frozenset[str] = field(default_factory=frozenset)
    header: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def statement(self) -> str:
        return f"create or replace {'view' if self.is_view else 'table'} {self.name} as\n{self.sql}"

    @property
    def plain(self) -> frozenset[str]:
        """The columns that are stored as they come, from `-- plain:`."""
        return frozenset(name.strip() for name in self.header.get("plain", "").split(",") if name.strip())

    @property
    def file(self) -> Path:
        """The file that it is. Raises ValueError for a union, which is a folder of files."""
        if self.path is None:
            raise ValueError(f"{self.name} is a union")
        return self.path

    @property
    def union(self) -> str | None:
        """The folder inside the stage that the file lies in, whose name is the view over its files."""
        return self.path.parent.name if self.path and self.path.parent.name != self.stage else None


def header_of(sql: str) -> dict[str, str]:
    """The `-- key: text` lines at the top of a file; `column x` keys keep their order.

    The type of a column stands behind its name, `-- column isf_poeng decimal(18, 3): points`, and comes as `type x`.
    """
    lines: dict[str, str] = {}
    for line in sql.splitlines():
        match = re.match(r"-- ([a-z]+(?: (\w+))?)(?: ([a-z]+(?:\([0-9, ]+\))?))?: (.*)", line)
        if not match:
            break
        key, name, kind, text = match.groups()
        lines[key] = text.strip()
        if kind:
            lines[f"type {name}"] = kind.upper().replace(" ", "")
    return lines


def columns_of(sql: str) -> tuple[str, ...]:
    """The columns of a select, in order, as its final select names them. Raises ValueError for one without a name."""
    node = _parsed(sql)
    while "select_list" not in node:  # a union has the names of its first select
        node = (node.get("children") or [node["left"]])[0]
    names = tuple(one.get("alias") or one.get("column_names", [""])[-1] for one in node["select_list"])
    if "" in names:
        raise ValueError(
            f"The last select does not name column {names.index('') + 1}: give an expression its name with `as`, and"
            f" write the columns out instead of `*`: {sql[:60]}"
        )
    return names


def tables_read(sql: str) -> frozenset[str]:
    """Names of the tables and of the functions of a schema that a select reads, without its own CTEs.

    A schema stays in the name: `landing.episode`, `ref.points`.
    """
    return frozenset(_names_read(_parsed(sql), frozenset()))


def _names_read(node: Any, own: frozenset[str]) -> Iterator[str]:
    if isinstance(node, list):
        for one in node:
            yield from _names_read(one, own)
    elif isinstance(node, dict):
        # A CTE sees those before it; it may have the name of the table it reads.
        for cte in node.get("cte_map", {}).get("map", ()):
            yield from _names_read(cte["value"], own)
            own |= {cte["key"]}
        if node.get("type") == "BASE_TABLE":
            name, schema = node["table_name"], node.get("schema_name")
            if schema or name not in own:
                yield f"{schema}.{name}" if schema else name
        elif node.get("type") == "FUNCTION" and node.get("schema", "main") != "main":  # `main`: the parser's own
            yield f"{node['schema']}.{node['function_name']}"
        for key, value in node.items():
            if key != "cte_map":
                yield from _names_read(value, own)


def _parsed(sql: str) -> dict[str, Any]:
    """A select as DuckDB's own parser reads it. Raises ValueError for anything else."""
    # As text: a bound value would make DuckDB import pandas, which takes longer than reading all the models.
    query = f"select json_serialize_sql({workspace.literal(sql)}, skip_null := true, skip_empty := true)"
    with _parser().cursor() as con:  # one connection is not for several threads
        found = json.loads(con.execute(query).fetchall()[0][0])
    if found["error"]:
        raise ValueError(f"{found['error_message']}: {sql[:60]}")
    return found["statements"][0]["node"]


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    return workspace.connect(threads=1)


@cache
def functions_called(sql: str, schema: str) -> frozenset[tuple[str, tuple[str | None, ...]]]:
    """The functions of a schema that a text calls, with their arguments: texts in quotes; None for anything else.

    By pattern, since a parsed select takes a hundred times as long; a test compares it with the grammar.
    """
    found = set()
    # Comments and texts are taken first, so that nothing inside them is a call.
    for match in re.finditer(rf"--[^\n]*|'(?:[^']|'')*'|\b{schema}\.(\w+)\(([^()]*)\)", sql):
        name, given = match.groups()
        if name:
            texts = [re.fullmatch(r"\s*'([^']*)'\s*", argument) for argument in given.split(",") if given.strip()]
            found.add((name, tuple(text and text[1] for text in texts)))
    return frozenset(found)


@cache
def stages() -> tuple[str, ...]:
    """The folders of `sql/`: first the numbered ones, in the order of the data's way, then the jobs beside it."""
    return tuple(sorted(path.name for path in SQL_FOLDER.iterdir() if path.is_dir()))


@cache
def models(stage: str = WAY) -> tuple[Model, ...]:
    """The models of a stage, each after what it reads (ties by name, always the same).

    `stage` is a folder of `sql/`, `way` for all the numbered ones that a delivery passes through, or `all`.
    """
    if stage == "all":  # stage by stage: two jobs may have a model of the same name
        return tuple(one for name in (RULES, WAY, *(s for s in stages() if not s[0].isdigit())) for one in models(name))
    if stage == WAY:
        # The rule set is checked by itself, before the way of a delivery begins.
        chosen = [name for name in stages() if name[0].isdigit() and name != RULES]
    elif stage in stages():
        chosen = [stage]
    else:
        raise ValueError(f"sql/ has no stage {stage!r}; there are {', '.join(stages())}")
    found = {model.name: model for name in chosen for model in _read(SQL_FOLDER / name)}
    graph = {name: sorted(model.reads & found.keys()) for name, model in sorted(found.items())}
    return tuple(found[name] for name in TopologicalSorter(graph).static_order())


def model(name: str, stage: str = WAY) -> Model:
    """One model by its name. Raises KeyError."""
    return {one.name: one for one in models(stage)}[name]


@cache
def model_in(stage: str, name: str) -> Model:
    """One model of a stage, read without the others. Raises FileNotFoundError."""
    return _model(SQL_FOLDER / stage / f"{name}.sql", stage)


def needed(targets: Iterable[str], stage: str = WAY) -> list[Model]:
    """The models of the stage that make `targets`, with all that they read of it, in order."""
    wanted = set(targets)
    for one in reversed(models(stage)):
        if one.name in wanted:
            wanted |= one.reads
    return [one for one in models(stage) if one.name in wanted]


def _read(folder: Path) -> Iterator[Model]:
    for path in sorted(folder.glob("*.sql")):
        yield _model(path, folder.name)
    for union in sorted(path for path in folder.iterdir() if path.is_dir()):
        members = [_model(path, folder.name) for path in sorted(union.glob("*.sql"))]
        yield from members
        header = {key: text for key, text in members[0].header.items() if key in ("grain", "key")}
        columns = ", ".join(workspace.identifier(name) for name in columns_of(members[0].sql))
        yield Model(
            union.name,
            folder.name,
            None,
            "\nunion all\n".join(f"select {columns} from {member.name}" for member in members),
            True,
            frozenset(member.name for member in members),
            {"what": f"all rows of the models in {union.name}/", **header},
        )


def _model(path: Path, stage: str) -> Model:
    sql = path.read_text(encoding="utf-8")
    header = header_of(sql)
    return Model(path.stem, stage, path, sql, header.get("as") == "view", tables_read(sql), header)


def run(
    stage: str,
    con: duckdb.DuckDBPyConnection,
    *,
    into: str | None = None,
    reading: Mapping[str, str] | None = None,
    only: Iterable[str] | None = None,
    progress: Progress = silent,
) -> list[str]:
    """Make the models of a stage, in order, in the database (or `database.schema`) `into`; the names made.

    `into` defaults to where the connection stands. `reading` says what is read from elsewhere, as views made first: a
    table's name → the relation it is (`{"unit_code": "stay_code"}`), a schema's name → the schema of whose tables it
    shows those that these models read (`{"ref": "rules_2.ref"}`), `*` → the database all of whose tables are shown. A
    model whose name is read from elsewhere is not made. `only` limits what is made to these names; a model that they
    read must be there or be read from elsewhere (`needed` gives a closed list). `progress(name, number, of)` is called
    before each.
    Raises IsfError where what is read does not fit the models, because another version of the program has made it.
    """
    reading = dict(reading or {})
    wanted = None if only is None else set(only)
    chosen = [one for one in models(stage) if one.name not in reading and (wanted is None or one.name in wanted)]
    asked = frozenset().union(*(one.reads for one in chosen))
    with workspace.inside(con, into):
        for name, source in reading.items():
            workspace.show(con, name, source, asked)
        for number, one in enumerate(chosen, 1):
            progress(one.name, number, len(chosen))
            run_model(con, one, reads_elsewhere=bool(reading))
    return [one.name for one in chosen]


def run_model(con: duckdb.DuckDBPyConnection, model: Model, *, reads_elsewhere: bool = False) -> None:
    """Make one model's table or view; an error names the file. `reads_elsewhere`: see `run`."""
    with workspace.of_this_version(f"model {model.name}") if reads_elsewhere else contextlib.nullcontext():
        try:
            if model.plain:
                workspace.make_plain(con, model.name, model.sql, model.plain)
            else:
                con.execute(model.statement)
        except duckdb.Error as error:
            error.add_note(f"in model {model.name} ({model.path})")
            raise
