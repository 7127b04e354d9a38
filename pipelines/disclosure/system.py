"""The public numbers as arrays: what they are, which row of a table they belong to, and the sums between them."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import duckdb
import numpy as np
import pyarrow
from scipy.sparse import block_diag, csr_array, vstack
from scipy.sparse.csgraph import connected_components

from pipelines.engine.models import run
from pipelines.engine.workspace import connect

STAGE = "disclosure"
# What the models read: the public tables, and one that only the warehouse has.
TABLES = (
    "oppgjor_rhf",
    "oppgjor_hf",
    "oppgjor_rhf_maned",
    "oppgjor_hf_maned",
    "gjestepasienter",
    "grunnlag",
    "poeng_per_regel",
)
UNPUBLISHED = "unit_month_sum"


@dataclass(frozen=True)
class System:
    """Numbers and sums, all arrays in the order of `ids`.

    `rows`: the row that a number is in, which is hidden or shown whole; '' where it is in none. `kinds`: count, points
    (thousandths) or unpublished. `values`: NaN where hidden or published nowhere. `least` and `most`: what a reader
    knows of the number before he reads. `sizes`: what the width of a number's interval is measured by, its value
    without sign. `whole`: never hidden. `sums`: a row per sum, which is 0, a column per number.
    """

    ids: np.ndarray
    rows: np.ndarray
    kinds: np.ndarray
    values: np.ndarray
    least: np.ndarray
    most: np.ndarray
    sizes: np.ndarray
    whole: np.ndarray
    sums: csr_array

    @cached_property
    def index(self) -> dict[str, int]:
        """Where each number is."""
        return {name: number for number, name in enumerate(self.ids)}

    @cached_property
    def named_rows(self) -> tuple[np.ndarray, np.ndarray]:
        """The names of the rows, each once, and for every number which of them it is in."""
        return np.unique(self.rows.astype(str), return_inverse=True)

    @cached_property
    def blocks(self) -> np.ndarray:
        """A label per number: those that sums could bind to each other, whatever is hidden, have the same; -1 where it
        is never hidden."""
        loose = abs(self.sums[:, ~self.whole])
        labels = np.full(len(self.ids), -1)
        labels[~self.whole] = connected_components(loose.T @ loose, directed=False)[1]
        return labels

    @property
    def published(self) -> np.ndarray:
        """Which numbers are in a row that can be hidden."""
        return self.rows != ""

    def hidden_rows(self) -> set[str]:
        """The rows whose numbers are not shown."""
        return set(self.rows[self.published & np.isnan(self.values)])


def read(tables: Mapping[str, pyarrow.Table]) -> System:
    """The system of the tables, by the names in `TABLES` and `UNPUBLISHED`.

    The models run in a database of their own: the warehouse may be open to read only.
    """
    with contextlib.closing(connect(threads=1)) as con:
        for name, table in tables.items():
            con.register(f"given_{name}", table)
            con.execute(f"create table {name} as from given_{name}")
        run(STAGE, con)
        return _system(con)


def _system(con: duckdb.DuckDBPyConnection) -> System:
    found = con.execute(
        "select number_id, row_id, kind, value, is_whole, is_above from published_number order by number_id"
    ).fetchall()
    names, rows, kinds, values, whole, above = zip(*found, strict=True) if found else ([], [], [], [], [], [])
    known = np.array([np.nan if value is None else float(value) for value in values])
    index = {name: number for number, name in enumerate(names)}
    terms = con.execute(
        "select sum_id, number_id, coefficient from published_sum order by sum_id, number_id"
    ).fetchall()
    sums = {name: number for number, name in enumerate(dict.fromkeys(term[0] for term in terms))}
    lines = [sums[name] for name, _, _ in terms]
    columns = [index[number] for _, number, _ in terms]
    factors = [float(factor) for _, _, factor in terms]
    # What adds is not negative, what deducts not positive; a sum that is negative all the same is known to be that.
    adds, deducts = (np.array([entry is side for entry in above], dtype=bool) for side in (True, False))
    least = np.where(adds, np.nan_to_num(np.fmin(0.0, known)), -np.inf)
    return System(
        ids=np.array(names, dtype=object),
        rows=np.array([row or "" for row in rows], dtype=object),
        kinds=np.array(kinds, dtype=object),
        values=known,
        least=least,
        most=np.where(deducts, 0.0, np.inf),
        sizes=np.nan_to_num(np.abs(known)),
        whole=np.array(whole, dtype=bool),
        sums=csr_array((factors, (lines, columns)), shape=(len(sums), len(names)), dtype=float),
    )


def without_unpublished(system: System) -> System:
    """The same without the numbers that are published nowhere and the sums they are in: a smaller system that knows
    less."""
    kept = (system.rows != "") | system.whole
    touched = abs(system.sums[:, ~kept]).sum(axis=1) > 0
    return replace(part(system, kept), sums=csr_array(system.sums[~touched][:, kept]))


def part(system: System, kept: np.ndarray) -> System:
    """Some of the numbers, with all sums."""
    arrays = ("ids", "rows", "kinds", "values", "least", "most", "sizes", "whole")
    return replace(system, **{name: getattr(system, name)[kept] for name in arrays}, sums=system.sums[:, kept])


def joined(first: System, other: System, same: list[tuple[int, int]]) -> System:
    """Two systems as one, the numbers of `first` before those of `other`. `same`: pairs of numbers that are equal."""
    width, before = len(first.ids) + len(other.ids), len(first.ids)
    lines = np.arange(len(same))
    one, two = (np.array([pair[side] for pair in same], dtype=int) for side in (0, 1))
    equal = csr_array(
        (np.repeat([1.0, -1.0], len(same)), (np.tile(lines, 2), np.concatenate([one, before + two]))),
        shape=(len(same), width),
    )
    arrays = ("ids", "rows", "kinds", "values", "least", "most", "sizes", "whole")
    return System(
        **{name: np.concatenate([getattr(first, name), getattr(other, name)]) for name in arrays},
        sums=csr_array(vstack([block_diag([first.sums, other.sums]), equal])),
    )
