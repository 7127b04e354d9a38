"""Small generated deliveries shared by the tests of the generator, made once per session."""

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import duckdb

from pipelines.generate import generate
from pipelines.rules import load as ruleset

YEAR = int(ruleset.newest_final())
SCALE = 0.003
_HOME = Path(mkdtemp(prefix="generated-"))


@cache
def delivery(tertial: int, number: int, *, errors: float | None = None, scale: float = SCALE) -> Path:
    """The folder of a delivery of seed 5."""
    home = _HOME / f"{errors}-{scale}"
    return generate(home, year=YEAR, tertial=tertial, delivery=number, scale=scale, seed=5, errors=errors, threads=1)


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
