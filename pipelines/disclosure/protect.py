"""Which rows to hide besides those that must be: the cheapest that leave no hidden number too well known.

Numbers that are not protected are taken one by one, those that need most first. For each a linear program finds the
cheapest rows whose hiding lets it move far enough, where a row costs what it tells (its points). What is hidden this
way must be protected itself, so this is repeated until nothing is open; in the end rows that are no longer needed are
shown again, the dearest first. (Kelly, Golden and Assad, "Cell suppression", Networks 22, 1992, solve the same programs
for cells that are sensitive; here every hidden number is.)
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, hstack

from pipelines.disclosure.attack import MARGIN, TOLERANCE, Attack, Limits
from pipelines.disclosure.system import System
from pipelines.errors import IsfError

# How often the price of a row is corrected by how far it moved.
ROUNDS = 3
# A row of no points costs as much as one point, so that few rows are hidden.
ROW_COST = 1000.0


@dataclass(frozen=True)
class Protection:
    """`hidden`: all rows to hide. `exempt`: hidden numbers that stay too well known whatever is hidden, because the
    numbers that are never hidden, or what was published before, bound them."""

    hidden: frozenset[str]
    exempt: frozenset[str]


def protect(system: System, limits: Limits, must: set[str]) -> Protection:
    """Hide the rows in `must`, and what protects them."""
    attack = Attack(system, limits)
    everything: Attack | None = None
    hidden, exempt = set(must), set[int]()
    cost = row_costs(system)
    attack.hide(hidden)
    while len(left := attack.search(exempt)):
        for number in left:
            if attack.settle(number):
                continue
            found = [option for sign in (+1, -1) if (option := _cheapest(attack, number, sign, cost))]
            if not found:
                everything = everything or all_hidden(system, limits)
                if not everything.settle(number):
                    exempt.add(int(number))
                    continue
                # Neither way alone leads far enough: as far up as it goes, then down.
                up = _cheapest(attack, number, +1, cost, everything.high[number] / MARGIN)
                found = [option for option in (up,) if option]
            _, rows, moved = min(found, key=lambda option: option[:2])
            attack.see(np.arange(len(moved)), moved)
            if not rows and not attack.settle(number):
                raise IsfError("The suppression found no row to hide. This is an error of the program.")
            hidden |= set(rows)
            attack.hide(hidden)
    hidden = _without_idle(system, limits, hidden, must, exempt, cost)
    return Protection(frozenset(hidden), frozenset(system.ids[sorted(exempt)]))


def _without_idle(
    system: System, limits: Limits, hidden: set[str], must: set[str], exempt: set[int], cost: np.ndarray
) -> set[str]:
    """What is hidden without the rows that what was hidden later has made needless, the dearest first."""
    told = dict(zip(system.rows, cost, strict=True))
    for row in sorted(hidden - must, key=lambda row: (-told[row], row)):
        attack = Attack(system, limits)
        attack.hide(hidden - {row})
        if all(attack.settle(number) for number in attack.search(exempt)):
            hidden = hidden - {row}
    return hidden


def row_costs(system: System) -> np.ndarray:
    """What hiding costs, per number: what its row tells, in thousandths of a point; units count as points."""
    told: dict[str, float] = {}
    values = np.where(system.kinds == "count", 1000.0, 1.0) * np.abs(np.nan_to_num(system.values))
    points = {row for row, kind in zip(system.rows, system.kinds, strict=True) if kind == "points"}
    for row, kind, value in zip(system.rows, system.kinds, values, strict=True):
        if kind == "points" or row not in points:
            told[row] = told.get(row, ROW_COST) + value
    return np.array([told.get(row, 0.0) for row in system.rows])


def all_hidden(system: System, limits: Limits) -> Attack:
    """The attack on a publication that shows nothing but the numbers that are never hidden."""
    attack = Attack(system, limits)
    attack.hide(set(system.rows[system.published]))
    return attack


def _cheapest(
    attack: Attack, number: int, sign: int, cost: np.ndarray, amount: float | None = None
) -> tuple[float, list[str], np.ndarray] | None:
    """The cheapest rows to hide so that the number moves by `amount` (what it lacks) up or down: their cost, their
    names, and how far every number then moves; None where no rows let it."""
    system = attack.system
    if amount is None:
        lacks_reach = attack.is_count[number] and attack.values[number] + attack.high[number] < attack.limits.reach
        if sign < 0 and lacks_reach:
            return None
        amount = attack.need[number] - (attack.high[number] if sign < 0 else -attack.low[number])
        if lacks_reach:
            amount = max(amount, attack.limits.reach - attack.values[number])
        amount = MARGIN * amount + TOLERANCE
    block = np.flatnonzero(system.blocks == system.blocks[number])
    at = int(np.searchsorted(block, number))
    box = attack.box(block)
    up, down = np.maximum(box[:, 1], 0.0), np.maximum(-box[:, 0], 0.0)
    if amount > (up if sign > 0 else down)[at]:
        return None
    width = len(block)
    limits = np.zeros((2 * width, 2))
    limits[:, 1] = np.concatenate([up, down])
    forward, back = (at, width + at) if sign > 0 else (width + at, at)
    limits[forward, 0] = amount
    limits[back, 1] = 0.0
    shown = ~attack.free[block]
    own = system.sums[:, block].tocsr()
    equal = csr_array(own[np.flatnonzero(np.diff(own.indptr))])
    equal, zeros = hstack([equal, -equal]).tocsr(), np.zeros(equal.shape[0])
    # Hiding a row costs the same however far it moves: so the price of a step is the row's cost over the steps that it
    # can take, and then over those that it took. What is hidden already may move, but no further than it must.
    capacity = np.minimum(limits[:, 1], amount)
    fixed = np.tile(np.where(shown, cost[block], TOLERANCE) / ROW_COST, 2)
    found: tuple[float, list[str], np.ndarray] | None = None
    for _ in range(ROUNDS):
        price = fixed / np.maximum(capacity, TOLERANCE)
        answer = attack.solve(price, equal, zeros, limits)
        if answer is None:
            return None
        moved = answer[:width] - answer[width:]
        rows = sorted(set(system.rows[block[shown & (np.abs(moved) > TOLERANCE)]]))
        told = float(
            sum({row: cost[n] for row, n in zip(system.rows[block], block, strict=True) if row in set(rows)}.values())
        )
        if found is None or told < found[0]:
            spread = np.zeros(len(system.ids))
            spread[block] = moved
            found = told, rows, spread
        capacity = np.where(answer > TOLERANCE, answer, capacity)
    return found
