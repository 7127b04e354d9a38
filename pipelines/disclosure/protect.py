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
            rows = _one_way(attack, number, cost)
            if rows is None:
                everything = everything or all_hidden(system, limits)
                if not everything.settle(number):
                    exempt.add(int(number))
                    continue
                rows = _both_ways(attack, everything, number, hidden, cost)
            hidden |= set(rows)
            attack.hide(hidden)
    hidden = _without_idle(system, limits, hidden, must, exempt, cost)
    return Protection(frozenset(hidden), frozenset(system.ids[sorted(exempt)]))


def _one_way(attack: Attack, number: int, cost: np.ndarray) -> list[str] | None:
    """The cheapest rows that let the number move far enough up or down; None where neither way alone leads there."""
    found = [option for sign in (+1, -1) if (option := _cheapest(attack, number, sign, cost))]
    if not found:
        return None
    _, rows, moved = min(found, key=lambda option: option[:2])
    attack.see(np.arange(len(moved)), moved)
    return rows if rows or attack.settle(number) else None


def _both_ways(attack: Attack, everything: Attack, number: int, hidden: set[str], cost: np.ndarray) -> list[str]:
    """The cheapest rows that let the number move up as far as it goes with `everything` hidden; where they are hidden
    already and are not enough, those that let it move just as far as with everything."""
    up = _cheapest(attack, number, +1, cost, everything.high[number] / MARGIN)
    if up:
        _, rows, moved = up
        attack.see(np.arange(len(moved)), moved)
        # What is then lacking is found down, with a margin, when the number is taken up again.
        if rows or attack.settle(number):
            return rows
    return _just_enough(attack, everything, number, hidden, cost)


def _just_enough(attack: Attack, everything: Attack, number: int, hidden: set[str], cost: np.ndarray) -> list[str]:
    """The cheapest rows for a number that moves just as far as it must even with `everything` hidden, so that a margin
    asks too much: up as far as it was seen to move there, then down by what is still lacking."""
    # What the solver's rounding may take from each way; both together are within what `Attack.protected` allows.
    slack = TOLERANCE * max(1.0, attack.need[number]) / 4
    rows: set[str] = set()
    for sign, seen in ((+1, everything.high[number]), (-1, -everything.low[number])):
        amount = min(seen, _lacking(attack, number, sign)) - slack
        if amount > 0.0 and (option := _cheapest(attack, number, sign, cost, amount, any_table=True)):
            _, found, moved = option
            attack.see(np.arange(len(moved)), moved)
            rows |= set(found)
            attack.hide(hidden | rows)
    if not attack.protected()[number]:
        # Rounding took more. With all rows hidden that sums could bind to the number, it moves as with everything.
        block = np.flatnonzero(attack.system.blocks == attack.system.blocks[number])
        rows |= set(attack.system.rows[block]) - {""}
        attack.see(block, everything.low[block])
        attack.see(block, everything.high[block])
    return sorted(rows - hidden)


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


def _lacks_reach(attack: Attack, number: int) -> bool:
    """Whether the number is a count that is not seen to reach as high as it must."""
    return bool(attack.is_count[number] and attack.values[number] + attack.high[number] < attack.limits.reach)


def _lacking(attack: Attack, number: int, sign: int) -> float:
    """How far the number must move up or down to be protected, as far as it is seen to move the other way."""
    if sign < 0:
        return attack.need[number] - attack.high[number]
    reach = attack.limits.reach - attack.values[number] if _lacks_reach(attack, number) else 0.0
    return max(attack.need[number] + attack.low[number], reach)


def _cheapest(
    attack: Attack,
    number: int,
    sign: int,
    cost: np.ndarray,
    amount: float | None = None,
    any_table: bool = False,
) -> tuple[float, list[str], np.ndarray] | None:
    """The cheapest rows to hide so that the number moves by `amount` (what it lacks) up or down: their cost, their
    names, and how far every number then moves; None where no rows let it.

    A number of which no value is known counts as 0 and so moves only away from 0, which leaves out some tables; with
    `any_table` it is found together with a value that it can have."""
    system = attack.system
    if amount is None:
        if sign < 0 and _lacks_reach(attack, number):
            return None
        amount = MARGIN * _lacking(attack, number, sign) + TOLERANCE
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
    used = np.flatnonzero(np.diff(own.indptr))
    equal = csr_array(own[used])
    equal = hstack([equal, -equal]).tocsr()
    right = -(system.sums @ attack.values)[used] if any_table else np.zeros(len(used))
    # Hiding a row costs the same however far it moves: so the price of a step is the row's cost over the steps that it
    # can take, and then over those that it took. What is hidden already may move, but no further than it must.
    capacity = np.minimum(limits[:, 1], amount)
    fixed = np.tile(np.where(shown, cost[block], TOLERANCE) / ROW_COST, 2)
    found: tuple[float, list[str], np.ndarray] | None = None
    for _ in range(ROUNDS):
        price = fixed / np.maximum(capacity, TOLERANCE)
        answer = attack.solve(price, equal, right, limits)
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
