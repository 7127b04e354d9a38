"""The invariants: what must hold of every settlement before it is published.

Each is a model in `sql/75_invariants/` whose table has a row per violation and is empty when all is well, so
the command line and Dagster judge by the same tables. A failed invariant is an error of the program, not of
the data.
"""

import duckdb

from pipelines.engine.models import Model, models

STAGE = "75_invariants"


def invariants() -> tuple[Model, ...]:
    """The models of the folder, in the order in which they run."""
    return models(STAGE)


def violations(con: duckdb.DuckDBPyConnection, invariant: Model) -> int:
    """Number of rows in the invariant's table. The rows name units, so they stay in the warehouse."""
    ((count,),) = con.execute(f"select count(*) from {invariant.name}").fetchall()
    return count


def sentence(invariant: Model, count: int) -> str:
    """A failed invariant for people, in Norwegian: what should hold, how often it does not, where the units are."""
    return f"{invariant.header['title']}: {count} avvik, se tabellen {invariant.name} i varehuset"


def violated(con: duckdb.DuckDBPyConnection) -> list[str]:
    """One sentence per invariant that does not hold; empty when the settlement may be published."""
    counted = [(invariant, violations(con, invariant)) for invariant in invariants()]
    return [sentence(invariant, count) for invariant, count in counted if count]
