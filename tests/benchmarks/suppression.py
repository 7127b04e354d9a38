"""Ways to choose what protects the small cells of the guest-patient matrix, compared on what they hide:

    python -m tests.benchmarks.suppression [--seeds 1,2,3] [--scale 1] [--longest 120] [--warehouse FILE]

- cheapest: what a publication does (`pipelines/disclosure/protect.py`): the cheapest rows for each open number, by LP
- hypercube: as in R's sdcTable: the cheapest rectangle of cells around each open number
- optimal: the least cost that any choice has, by mixed-integer programming (scipy's `milp`, HiGHS); the solver may stop
  at its time limit with the best choice so far

All three hide until no number can be bounded too closely; only the matrix and the whole settlement tables count here.
The matrices are invented ones of eleven trusts (`tests/unit/publishing.py`), of which the optimum can be found; with
--warehouse it is that of a settled delivery.
"""

import argparse
import contextlib
import itertools
import time
from pathlib import Path

import duckdb
import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, lil_array

from pipelines.disclosure.attack import MARGIN, Attack, Limits
from pipelines.disclosure.decide import OWN, parameters, tables_of
from pipelines.disclosure.protect import all_hidden, protect, row_costs
from pipelines.disclosure.system import TABLES, UNPUBLISHED, System, part, read
from pipelines.engine.workspace import connect
from tests.unit.publishing import warehouse

MATRIX = "gjestepasienter|"


def matrix_of(con: duckdb.DuckDBPyConnection) -> tuple[System, Limits, set[str]]:
    """The matrix of a warehouse with the sums around it, the limits, and the rows that must be hidden."""
    minimum, limits = parameters(con)
    truth = read(tables_of(con, {name: f"main.{OWN.get(name, name)}" for name in (*TABLES, UNPUBLISHED)}))
    kept = np.array([row.startswith(MATRIX) for row in truth.rows]) | truth.whole
    touched = abs(truth.sums[:, ~kept]).sum(axis=1) > 0
    small = con.execute("select row_id from row_patients where patients > 0 and patients < ?", [minimum]).fetchall()
    system = part(truth, kept)
    system = System(**{**vars(system), "sums": csr_array(truth.sums[~touched][:, kept])})
    return system, limits, {row for (row,) in small if row.startswith(MATRIX)}


def cheapest(system: System, limits: Limits, must: set[str], longest: float) -> set[str]:
    return set(protect(system, limits, must).hidden)


def hypercube(system: System, limits: Limits, must: set[str], longest: float) -> set[str]:
    """Hide the cheapest rectangle whose corners may move far enough around each number that is open."""
    cells = {tuple(row.split("|")[1:]) for row in system.rows if row}
    cost = dict(zip(system.rows, row_costs(system), strict=True))
    attack, everything, hidden = Attack(system, limits), all_hidden(system, limits), set(must)
    attack.hide(hidden)
    exempt: set[int] = set()
    while len(left := attack.search(exempt)):
        number = int(left[0])
        if attack.settle(number):
            continue
        if not everything.settle(number):
            exempt.add(number)
            continue
        hf, rhf, sector = system.rows[number].split("|")[1:]
        found = []
        for other, region in itertools.product({c[0] for c in cells} - {hf}, {c[1] for c in cells} - {rhf}):
            corners = [(hf, region, sector), (other, rhf, sector), (other, region, sector)]
            rows = {MATRIX + "|".join(corner) for corner in corners}
            if all(corner in cells for corner in corners) and not rows <= hidden:
                width = _width(system, number, [MATRIX + "|".join(corner) for corner in corners])
                found.append((width < attack.need[number], sum(cost[row] for row in rows - hidden), sorted(rows)))
        if not found:  # no rectangle is left: the cheapest cell of the row or column
            rows = {r for r in system.rows if r and r not in hidden and r.split("|")[3] == sector}
            found = [(False, cost[row], [row]) for row in sorted(rows)]
        hidden |= set(min(found)[2])
        attack.hide(hidden)
    return hidden


def _width(system: System, number: int, corners: list[str]) -> float:
    """How far a number of a cell may move in a rectangle where the others stay at or above 0."""
    kind = system.ids[number].removeprefix(system.rows[number])
    beside, across, opposite = (system.values[system.index[row + kind]] for row in corners)
    return min(beside, across) + min(system.values[number], opposite)


def optimal(system: System, limits: Limits, must: set[str], longest: float) -> set[str]:
    """The cheapest choice of rows that protects all numbers in them, per sector."""
    hidden: set[str] = set()
    for sector in sorted({row.split("|")[3] for row in system.rows if row}):
        mine = np.array([row.endswith(f"|{sector}") for row in system.rows])
        hidden |= _optimal_of(system, limits, {row for row in must if row.endswith(f"|{sector}")}, mine, longest)
    return hidden


def _optimal_of(system: System, limits: Limits, must: set[str], mine: np.ndarray, longest: float) -> set[str]:
    """One binary per row, and two tables per number that differ in it as much as it needs, moving hidden rows only."""
    attack, everything = Attack(system, limits), all_hidden(system, limits)
    rows = sorted(set(system.rows[mine]))
    place = {row: number for number, row in enumerate(rows)}
    cost = dict(zip(system.rows, row_costs(system), strict=True))
    numbers = [int(n) for n in np.flatnonzero(mine) if everything.settle(int(n))]
    least, most = [1.0 if row in must else 0.0 for row in rows], [1.0] * len(rows)
    entries, low, high = [], [], []
    width = len(rows)

    def constraint(terms: list[tuple[int, float]], lower: float, upper: float) -> None:
        entries.append(terms)
        low.append(lower)
        high.append(upper)

    for number in numbers:
        block = [int(n) for n in np.flatnonzero(mine & (system.kinds == system.kinds[number]))]
        need = attack.need[number] * MARGIN
        reach = limits.reach - system.values[number] if system.kinds[number] == "count" else 0.0
        most_moved = max(need, reach)
        binary, moves = place[system.rows[number]], {}
        for sign in (1, -1):
            moves[sign] = {n: width + at for at, n in enumerate(block)}
            width += len(block)
            least += [-min(system.values[n], most_moved) for n in block]
            most += [most_moved] * len(block)
            for n in block:
                row = place[system.rows[n]]
                constraint([(moves[sign][n], 1.0), (row, -most_moved)], -np.inf, 0.0)
                constraint([(moves[sign][n], 1.0), (row, min(system.values[n], most_moved))], 0.0, np.inf)
            own = system.sums[:, block].tocsr()
            for line in np.flatnonzero(np.diff(own.indptr)):
                inside = range(own.indptr[line], own.indptr[line + 1])
                constraint([(moves[sign][block[own.indices[at]]], own.data[at]) for at in inside], 0.0, 0.0)
        constraint([(moves[1][number], 1.0), (moves[-1][number], -1.0), (binary, -need)], 0.0, np.inf)
        if reach > 0:
            constraint([(moves[1][number], 1.0), (binary, -reach)], 0.0, np.inf)
    matrix = lil_array((len(entries), width))
    for line, terms in enumerate(entries):
        for column, factor in terms:
            matrix[line, column] += factor
    answer = milp(
        np.concatenate([[cost[row] for row in rows], np.zeros(width - len(rows))]),
        constraints=LinearConstraint(matrix.tocsr(), low, high),
        integrality=np.arange(width) < len(rows),
        bounds=Bounds(least, most),
        options={"time_limit": longest, "mip_rel_gap": 0.001},
    )
    if answer.x is None:
        raise RuntimeError(answer.message)
    print(f"    {len(rows)} cells: {answer.message}; gap {100 * answer.mip_gap:.1f} %", flush=True)
    return {row for row, number in place.items() if answer.x[number] > 0.5}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--scale", type=int, default=1)
    parser.add_argument("--longest", type=float, default=120.0)
    parser.add_argument("--warehouse", type=Path)
    chosen = parser.parse_args()
    if chosen.warehouse:
        with contextlib.closing(connect(chosen.warehouse, read_only=True)) as con:
            compare(con, chosen.longest)
        return
    for seed in map(int, chosen.seeds.split(",")):
        print(f"seed {seed}", flush=True)
        compare(warehouse(seed, chosen.scale), chosen.longest)


def compare(con: duckdb.DuckDBPyConnection, longest: float) -> None:
    """Say what each way hides."""
    system, limits, must = matrix_of(con)
    cost = dict(zip(system.rows, row_costs(system), strict=True))
    print(f"  {len(set(system.rows) - {''})} cells, {len(must)} of fewer patients than the minimum", flush=True)
    for way in (cheapest, hypercube, optimal):
        started = time.process_time()
        hidden = way(system, limits, must, longest)
        took = time.process_time() - started
        attack, everything = Attack(system, limits), all_hidden(system, limits)
        attack.hide(hidden)
        still = [n for n in attack.search() if not attack.settle(n) and everything.settle(n)]
        told = sum(cost[row] for row in hidden) / 1000
        print(f"  {way.__name__}: {len(hidden)} cells, cost {told:.0f}, {took:.1f} s, open {len(still)}", flush=True)


if __name__ == "__main__":
    main()
