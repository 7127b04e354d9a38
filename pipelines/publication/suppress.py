"""Disclosure control of the guest-patient matrix: small cells are hidden, with what would reveal them.

The totals of the matrix are published too: per trust and sector in `oppgjor_hf`, per region of residence
and sector in `oppgjor_rhf`. A reader can therefore subtract. Take the trusts and the regions of one sector
as the two sides of a graph and the hidden cells as its edges. With both totals known, the value of a hidden
cell is fixed exactly when no cycle of hidden cells goes through it: along a cycle one can add and subtract
the same amount in turn and keep every total. A reader also knows that no cell is negative, so a cell that
holds zero stays or zero points cannot be lowered; cycles are sought that respect this first, and without it
only where there is no other.

Source: the delivery contract, section 2 (numbers below `min_patients_published` patients, rule 3.9 of the
rule set).
"""

import heapq
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple


class Cell(NamedTuple):
    """One cell of the matrix before suppression. `hf` and `rhf` are org. numbers, '' where unknown."""

    sector: str
    hf: str
    rhf: str
    patients: int
    stays: int
    points: Decimal


class Key(NamedTuple):
    """Which cell."""

    sector: str
    hf: str
    rhf: str


@dataclass(frozen=True)
class Suppression:
    """`small`: cells below the limit. `hidden`: those and the ones that protect them. `unprotected`: small
    cells that follow from published totals whatever else is hidden (a trust or region with no second
    cell)."""

    small: frozenset[Key]
    hidden: frozenset[Key]
    unprotected: tuple[Key, ...]


def suppress(cells: list[Cell], minimum: int) -> Suppression:
    """Which cells of the matrix to empty, so that no small one (fewer than `minimum` patients) can be
    computed."""
    small: set[Key] = set()
    hidden: set[Key] = set()
    unprotected: list[Key] = []
    for sector in sorted({cell.sector for cell in cells}):
        matrix = {(c.hf, c.rhf): c for c in cells if c.sector == sector}
        first = {place for place, cell in matrix.items() if cell.patients < minimum}
        chosen, fixed = _protect(matrix, first)
        small |= {Key(sector, *place) for place in first}
        hidden |= {Key(sector, *place) for place in chosen}
        unprotected += [Key(sector, *place) for place in fixed]
    return Suppression(frozenset(small), frozenset(hidden), tuple(unprotected))


Place = tuple[str, str]
Node = tuple[str, str]


def _protect(matrix: dict[Place, Cell], small: set[Place]) -> tuple[set[Place], list[Place]]:
    """`small` and the cells that close a cycle through each of them; then those for which there is no cycle.

    Small cells are taken in the order of their keys. Each gets the cycle that hides the fewest patients
    (then the fewest cells, then the first keys); a cell added this way lies on the same cycle and is
    protected by it.
    """
    hidden, fixed = set(small), []
    for place in sorted(small):
        for only_positive in (True, False):
            if _cycle(matrix, hidden, hidden, place, only_positive) is not None:
                break
            cycle = _cycle(matrix, set(matrix), hidden, place, only_positive)
            if cycle is not None:
                hidden |= cycle
                break
        else:
            fixed.append(place)
    return hidden, fixed


def _cycle(
    matrix: dict[Place, Cell], usable: set[Place], hidden: set[Place], place: Place, only_positive: bool
) -> set[Place] | None:
    """The cheapest cycle of `usable` cells through `place`, without `place` itself; None if there is none.

    Cells already in `hidden` cost nothing, the others their patients. `only_positive`: a cell on the cycle
    that is lowered must have something to lower.
    """
    hf, rhf = ("hf", place[0]), ("rhf", place[1])
    found = []
    for lowered, start, goal in ((False, rhf, hf), (True, hf, rhf)):
        if lowered and only_positive and not _can_be_lowered(matrix[place]):
            continue
        path = _cheapest_path(matrix, usable - {place}, hidden, start, goal, only_positive)
        if path is not None:
            found.append(path)
    return set(min(found)[2]) if found else None


def _can_be_lowered(cell: Cell) -> bool:
    return cell.stays > 0 and cell.points > 0


def _cheapest_path(
    matrix: dict[Place, Cell],
    usable: set[Place],
    hidden: set[Place],
    start: Node,
    goal: Node,
    only_positive: bool,
) -> tuple[int, int, tuple[Place, ...]] | None:
    """Dijkstra from `start` to `goal`: (patients hidden anew, cells hidden anew, the cells). A step from a
    trust to a region raises the cell between them, a step back lowers it."""
    lines: dict[Node, list[Place]] = {}
    for place in sorted(matrix):
        lines.setdefault(("hf", place[0]), []).append(place)
        lines.setdefault(("rhf", place[1]), []).append(place)
    queue: list[tuple[int, int, tuple[Place, ...], Node]] = [(0, 0, (), start)]
    done: set[Node] = set()
    while queue:
        patients, count, path, node = heapq.heappop(queue)
        if node == goal:
            return patients, count, path
        if node in done:
            continue
        done.add(node)
        for place in lines[node]:
            if place not in usable:
                continue
            if node[0] == "rhf" and only_positive and not _can_be_lowered(matrix[place]):
                continue
            other = ("rhf", place[1]) if node[0] == "hf" else ("hf", place[0])
            if other not in done:
                cost = (0, 0) if place in hidden else (matrix[place].patients, 1)
                heapq.heappush(queue, (patients + cost[0], count + cost[1], (*path, place), other))
    return None
