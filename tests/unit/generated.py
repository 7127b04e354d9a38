"""Small generated deliveries shared by the tests of the generator, made once in a run."""

from pathlib import Path

import duckdb

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
