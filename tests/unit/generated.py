"""Small generated deliveries shared by the tests of the generator, made once in a run."""

import json
from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipelines.delivery.contract import TABLES
from pipelines.generate import generate
from pipelines.rules import load as ruleset
from tests.shared import made_once

YEAR = int(ruleset.newest_final())
SCALE = 0.003


def delivery(tertial: int, number: int, *, errors: float | None = None, scale: float = SCALE) -> Path:
    """The folder of a delivery of seed 5."""
    what = {"year": YEAR, "tertial": tertial, "delivery": number, "scale": scale, "seed": 5, "errors": errors}
    folder = made_once(("generated", what), lambda made: generate(made, **what, threads=1))
    return folder / f"{YEAR}-T{tertial}-{number}"


def altered(folder: Path, copy: Path, statements: Iterable[str]) -> Path:
    """A copy of a generated delivery after the statements."""
    copy.mkdir(parents=True)
    with duckdb.connect() as con:
        for table in (table.name for table in TABLES if (folder / f"{table.name}.parquet").is_file()):
            con.execute(f"create table {table} as from '{folder / table}.parquet'")
        for statement in statements:
            con.execute(statement)
        for (table,) in con.execute("show tables").fetchall():
            con.execute(f"copy {table} to '{copy / table}.parquet'")
    manifest = json.loads((folder / "leveranse.json").read_text(encoding="utf-8"))
    manifest.pop("files", None)
    year, tertial, number = copy.name.replace("T", "").split("-")
    manifest |= {"year": int(year), "tertial": int(tertial), "delivery": int(number)}
    (copy / "leveranse.json").write_text(json.dumps(manifest), encoding="utf-8")
    return copy


def of_trusts(trusts: Iterable[str]) -> list[str]:
    """The statements that leave of a delivery only what is of these trusts."""
    listed = ", ".join(f"'{one}'" for one in sorted(trusts))
    of_episodes = (table.name for table in TABLES if table.child)
    return [
        *(f"delete from {table} where hf not in ({listed})" for table in ("episode", "enhet", "hresept")),
        *(f"delete from {name} where episodeID not in (select episodeID from episode)" for name in of_episodes),
    ]


def beside(folder: Path, what: str) -> str:
    """The answer key (`fasit`) or the changes (`endringer`) of a delivery."""
    return str(folder.with_name(f"{folder.name}.{what}.parquet"))


def query(sql: str, **folders: Path | str) -> list[tuple]:
    """Rows of a query in which `{name.table}` stands for a file of a delivery, `{name}` for a path."""
    for name, folder in folders.items():
        sql = sql.replace(f"{{{name}}}", f"'{folder}'")
        if isinstance(folder, Path):
            for path in folder.glob("*.parquet"):
                sql = sql.replace(f"{{{name}.{path.stem}}}", f"'{path}'")
    return duckdb.sql(sql).fetchall()


def count(sql: str, **folders: Path | str) -> int:
    """The single number of a query."""
    return query(sql, **folders)[0][0]
