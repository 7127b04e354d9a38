"""What a reader can find out about hidden numbers: bounds by linear programming (HiGHS, by scipy).

A reader's knowledge of the hidden numbers is a polyhedron: the sums, and what he knows of each number beforehand. The
true numbers lie in it. A number is protected when the polyhedron reaches far enough from the true value along it, up,
down or both together. Every solution of a program is a table that could be the true one, so it counts for all numbers
in it: a few programs that push many numbers at once prove most of them, and only the rest get programs of their own.
"""

from collections.abc import Set
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array, hstack
from scipy.sparse.csgraph import connected_components

from pipelines.disclosure import program
from pipelines.disclosure.system import System
from pipelines.errors import IsfError

# The solver's answers are right to about 1e-7 of the largest number; a comparison allows this much of what is needed.
TOLERANCE = 1e-6
# What is asked of the solver is a little more than what is needed, so that rounding does not decide.
MARGIN = 1.001


@dataclass(frozen=True)
class Limits:
    """How wide the interval of a hidden number must be: `width` and `reach` of a count, `share` of the points."""

    width: float
    reach: float
    share: float


class Attack:
    """The attack on a system. `low` and `high`: how far each number is seen to reach from its true value.

    What was seen stays true when more is hidden, so `hide` may only add; a smaller set is another attack.
    """

    def __init__(self, system: System, limits: Limits):
        self.system, self.limits = system, limits
        self.values = np.nan_to_num(system.values)
        self.is_count = system.kinds == "count"
        self.need = np.where(self.is_count, limits.width, limits.share * system.sizes)
        self.low, self.high = np.zeros(len(self.values)), np.zeros(len(self.values))
        self.programs = 0

    def hide(self, rows: set[str]) -> None:
        """These rows are hidden."""
        system = self.system
        names, row_of = system.named_rows
        hidden = np.array([name in rows for name in names], dtype=bool)[row_of] & system.published
        self.free = hidden | (~system.published & ~system.whole)
        self.judged = hidden
        self.columns = np.flatnonzero(self.free)
        self.place = np.full(len(self.values), -1)
        self.place[self.columns] = np.arange(len(self.columns))
        own = system.sums[:, self.columns].tocsr()
        used = np.flatnonzero(np.diff(own.indptr))
        self.used, self.matrix = used, csr_array(own[used])
        self.right = -(system.sums @ self.values)[used]
        # Sums that no free number links bind nothing together, so a program is over a few of these parts.
        links = abs(self.matrix)
        self.parts = connected_components(links.T @ links, directed=False)[1]

    def protected(self) -> np.ndarray:
        """Which numbers are seen to reach far enough."""
        slack = TOLERANCE * np.maximum(1.0, self.need)
        wide = self.high - self.low >= self.need - slack
        reaching = ~self.is_count | (self.values + self.high >= self.limits.reach - slack)
        return wide & reaching

    def open(self, without: Set[int] = frozenset()) -> np.ndarray:
        """The hidden numbers that are not seen to be protected, those that need most first: what is hidden for them
        mostly does for the others too."""
        left = np.flatnonzero(self.judged & ~self.protected())
        left = np.array([number for number in left if number not in without], dtype=int)
        return left[np.lexsort((left, -self.need[left]))]

    def search(self, without: Set[int] = frozenset()) -> np.ndarray:
        """Push what is open, all together, as long as that proves a good part of it; what is still open."""
        left = self.open(without)
        while len(left):
            self.push(left, +1)
            self.push(self.open(without), -1)
            before, left = left, self.open(without)
            if len(left) > 0.7 * len(before):
                break
        return left

    def settle(self, number: int) -> bool:
        """Whether the number is protected: decided by programs of its own."""
        for sign in (+1, -1):
            if not self.protected()[number]:
                self.push(np.array([number]), sign)
        return bool(self.protected()[number])

    def target(self, numbers: np.ndarray, sign: int) -> np.ndarray:
        """How far each number is pushed: as far as is needed of it, and a little more."""
        reach = np.where(self.is_count[numbers] & (sign > 0), self.limits.reach - self.values[numbers], 0.0)
        return MARGIN * np.maximum(self.need[numbers], reach) + TOLERANCE

    def push(self, numbers: np.ndarray, sign: int) -> None:
        """Move the numbers as far from their true values as they go together, each at most to its target."""
        if not len(numbers):
            return
        chosen = np.flatnonzero(np.isin(self.parts, self.parts[self.place[numbers]]))
        count, width = len(numbers), len(chosen)
        own = self.matrix[:, chosen]
        used = np.flatnonzero(np.diff(own.indptr))
        # The matrices are put together by hand: in small programs scipy's own way takes longer than the solver.
        lines = np.concatenate([own.indptr[:1], own.indptr[used + 1]])
        # A reached distance per number: at most what the number moves, at most its target.
        place = np.searchsorted(chosen, self.place[numbers])
        moves = np.column_stack([place, width + np.arange(count)]).ravel()
        factors = np.tile([-float(sign), 1.0], count)
        target = self.target(numbers, sign)
        answer = self.solve(
            np.concatenate([np.zeros(width), -1.0 / target]),
            csr_array((own.data, own.indices, lines), shape=(len(used), width + count)),
            self.right[used],
            np.vstack([self.box(self.columns[chosen]), np.column_stack([np.full(count, -np.inf), target])]),
            csr_array((factors, moves, 2 * np.arange(count + 1)), shape=(count, width + count)),
        )
        if answer is None:
            raise IsfError(
                "The public numbers contradict each other, so it cannot be judged what they disclose. This is an error "
                "of the program; nothing was published."
            )
        self.see(self.columns[chosen], answer[:width])

    def box(self, numbers: np.ndarray) -> np.ndarray:
        """How far numbers may lie from their true values: lower and upper limit."""
        system = self.system
        return np.column_stack([system.least[numbers], system.most[numbers]]) - self.values[numbers, None]

    def see(self, numbers: np.ndarray, moved: np.ndarray) -> None:
        """A table that could be the true one: how far these numbers of it lie from the true ones."""
        self.high[numbers] = np.maximum(self.high[numbers], moved)
        self.low[numbers] = np.minimum(self.low[numbers], moved)

    def feasible(self, fixed: np.ndarray) -> np.ndarray | None:
        """How far the free numbers lie from their values in some table that agrees with all sums, where those that
        are `fixed` keep theirs; None if there is no such table."""
        box = np.where(fixed[self.columns, None], 0.0, self.box(self.columns))
        moved = np.zeros(len(self.values))
        answer = self.solve(np.zeros(len(self.columns)), self.matrix, self.right, box)
        if answer is None:
            return None
        moved[self.columns] = answer
        return moved

    def strained(self, fixed: np.ndarray, last: int) -> np.ndarray | None:
        """Which of the `last` sums do not hold where those numbers that are `fixed` keep their values, as little as is
        possible in all; None if the others do not hold either."""
        lines = np.flatnonzero(self.used >= self.system.sums.shape[0] - last)
        count = len(lines)
        give = csr_array((np.ones(count), (lines, np.arange(count))), shape=(len(self.used), count))
        given = self._given(fixed, give)
        if given is None:
            return None
        torn = np.zeros(last, dtype=bool)
        torn[self.used[lines] - (self.system.sums.shape[0] - last)] = given
        return torn

    def beyond(self) -> np.ndarray | None:
        """Which numbers, but for counts, lie outside what is known of them beforehand, as little as is possible in all;
        None if there is no table even so."""
        loose = np.flatnonzero(~self.is_count[self.columns])
        given = self._given(np.zeros(len(self.values), dtype=bool), csr_array(self.matrix[:, loose]))
        if given is None:
            return None
        outside = np.zeros(len(self.values), dtype=bool)
        outside[self.columns[loose]] = given
        return outside

    def _given(self, fixed: np.ndarray, ways: csr_array) -> np.ndarray | None:
        """Which of the further `ways` to change the sums, up or down, a table needs that agrees with all of them, as
        little as is possible in all, where those numbers that are `fixed` keep their values; None if none does."""
        count, width = ways.shape[1], len(self.columns)
        box = np.where(fixed[self.columns, None], 0.0, self.box(self.columns))
        answer = self.solve(
            np.concatenate([np.zeros(width), np.ones(2 * count)]),
            hstack([self.matrix, ways, -ways]).tocsr(),
            self.right,
            np.vstack([box, np.tile([0.0, np.inf], (2 * count, 1))]),
        )
        return None if answer is None else answer[width : width + count] + answer[width + count :] > TOLERANCE

    def solve(self, *given: Any, **further: Any) -> np.ndarray | None:
        """The best solution of a program; None if there is none: see `program.solve`."""
        self.programs += 1
        return program.solve(*given, **further)
