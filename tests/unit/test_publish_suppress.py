"""No suppressed cell of the guest-patient matrix can be computed from what is published."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest

from pipelines.publication.suppress import Cell, Key, suppress

MINIMUM = 5


def matrix(rows: dict[str, dict[str, int]], sector: str = "SOM", stays: int | None = None) -> list[Cell]:
    """Cells from {trust: {region: patients}}; two stays and three points per patient unless `stays` is
    given."""
    return [
        Cell(sector, hf, rhf, patients, 2 * patients if stays is None else stays, Decimal(3 * patients))
        for hf, row in rows.items()
        for rhf, patients in row.items()
    ]


def recoverable(hidden: set[Key]) -> set[Key]:
    """Hidden cells whose value the totals of trusts and regions fix: exact linear algebra, no graph.

    One equation per trust and per region and sector: the sum of its hidden cells is known (the total minus
    what is shown). A cell is fixed exactly when its unit vector is a combination of the equations.
    """
    cells = sorted(hidden)
    lines = sorted({line for cell in cells for line in _lines(cell)})
    equations = [[Fraction(int(line in _lines(cell))) for cell in cells] for line in lines]
    return {cell for i, cell in enumerate(cells) if _in_row_space(equations, i)}


def _lines(cell: Key) -> set[tuple[str, str, str]]:
    return {(cell.sector, "hf", cell.hf), (cell.sector, "rhf", cell.rhf)}


def _in_row_space(equations: list[list[Fraction]], column: int) -> bool:
    width = len(equations[0])
    unit = [Fraction(int(i == column)) for i in range(width)]
    return _rank(equations) == _rank([*equations, unit])


def _rank(rows: list[list[Fraction]]) -> int:
    rows, rank = [list(row) for row in rows], 0
    for column in range(len(rows[0])):
        pivot = next((i for i in range(rank, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for i in range(rank + 1, len(rows)):
            factor = rows[i][column] / rows[rank][column]
            if factor:
                rows[i] = [a - factor * b for a, b in zip(rows[i], rows[rank], strict=True)]
        rank += 1
    return rank


def test_nothing_is_hidden_when_all_cells_are_large():
    result = suppress(matrix({"a": {"x": 5, "y": 9}, "b": {"x": 7}}), MINIMUM)
    assert not result.hidden and not result.unprotected


def test_a_lone_small_cell_takes_others_with_it_the_fewest_patients():
    cells = matrix({
        "a": {"x": 900, "y": 3, "z": 40},
        "b": {"x": 10, "y": 800, "z": 50},
        "c": {"x": 60, "y": 70, "z": 700},
    })  # fmt: skip
    result = suppress(cells, MINIMUM)
    # The way round over five small cells hides 230 patients, the shortest one over three 810.
    places = [("a", "y"), ("a", "z"), ("b", "z"), ("b", "x"), ("c", "x"), ("c", "y")]
    assert result.hidden == {Key("SOM", *place) for place in places}
    assert not recoverable(set(result.hidden))


def test_two_small_cells_in_one_row_are_not_enough():
    """Each column total still gives its cell away, although the row holds two."""
    cells = matrix({"a": {"x": 2, "y": 3, "z": 90}, "b": {"x": 30, "y": 40, "z": 80}})
    result = suppress(cells, MINIMUM)
    assert recoverable(set(result.small)) == result.small
    assert result.hidden == {Key("SOM", hf, rhf) for hf, rhf in product("ab", "xy")}
    assert not recoverable(set(result.hidden))


def test_small_cells_that_already_form_a_cycle_hide_nothing_else():
    cells = matrix({"a": {"x": 2, "y": 3, "z": 90}, "b": {"x": 1, "y": 4, "z": 80}})
    assert suppress(cells, MINIMUM).hidden == suppress(cells, MINIMUM).small


def test_a_trust_with_one_cell_is_suppressed_and_noted():
    result = suppress(matrix({"a": {"x": 3}, "b": {"x": 30, "y": 40}, "c": {"x": 30, "y": 40}}), MINIMUM)
    assert Key("SOM", "a", "x") in result.hidden
    assert result.unprotected == (Key("SOM", "a", "x"),)


def test_sectors_are_apart():
    cells = matrix({"a": {"x": 3, "y": 9}, "b": {"x": 8, "y": 9}}) + matrix({"a": {"x": 9, "y": 9}}, "PHVTSB")
    assert {key.sector for key in suppress(cells, MINIMUM).hidden} == {"SOM"}


def test_an_unknown_trust_is_a_trust():
    cells = matrix({"": {"x": 1, "y": 20}, "b": {"x": 30, "y": 40}})
    result = suppress(cells, MINIMUM)
    assert len(result.hidden) == 4 and not result.unprotected


def test_cells_without_stays_do_not_shield():
    """Cells are never negative: along a cycle a cell that is lowered must have something to lower."""
    cells = [
        Cell("SOM", "a", "x", 2, 4, Decimal(6)),
        Cell("SOM", "a", "y", 30, 0, Decimal(6)),
        Cell("SOM", "a", "z", 40, 50, Decimal(60)),
        Cell("SOM", "b", "x", 20, 0, Decimal(6)),
        Cell("SOM", "b", "y", 20, 0, Decimal(0)),
        Cell("SOM", "b", "z", 40, 50, Decimal(60)),
        Cell("SOM", "c", "x", 70, 50, Decimal(60)),
        Cell("SOM", "c", "z", 70, 50, Decimal(60)),
    ]
    # Over (a, y), (b, y) and (b, x) is the cheapest way round, but none of the three has a stay to lose.
    cheapest = {Key("SOM", hf, rhf) for hf, rhf in product("ab", "xy")}
    assert not recoverable(cheapest) and stays_range(cells, cheapest, ("a", "x")) == 1
    assert stays_range(cells, set(suppress(cells, MINIMUM).hidden), ("a", "x")) > 1


def stays_range(cells: list[Cell], hidden: set[Key], place: tuple[str, str], most: int = 3) -> int:
    """How many values of the stays of `place` agree with the totals when no hidden cell is negative, up to
    `most`: by trying shifts of up to 1 on every hidden cell (enough: the equations are totally
    unimodular)."""
    chosen = [c for c in cells if Key(c.sector, c.hf, c.rhf) in hidden]
    values = set()
    for shift in product((-1, 0, 1), repeat=len(chosen)):
        if any(cell.stays + s < 0 for cell, s in zip(chosen, shift, strict=True)):
            continue
        sums: dict[tuple[str, str], int] = {}
        for cell, s in zip(chosen, shift, strict=True):
            for line in (("hf", cell.hf), ("rhf", cell.rhf)):
                sums[line] = sums.get(line, 0) + s
        if not any(sums.values()):
            values.add(next(s for c, s in zip(chosen, shift, strict=True) if (c.hf, c.rhf) == place))
    return min(most, len(values))


@pytest.mark.parametrize("seed", range(60))
def test_random_matrices_cannot_be_computed_back(seed: int):
    chance = random.Random(seed)
    trusts, regions = chance.randint(1, 7), chance.randint(1, 5)
    cells = [
        Cell(sector, f"h{i}", f"r{j}", patients, chance.choice([0, patients, patients * 2]), Decimal(patients))
        for sector in ("SOM", "PHVTSB")
        for i in range(trusts)
        for j in range(regions)
        if (patients := chance.choice([0, 0, 1, 2, 4, 5, 6, 20, 300, 5000]))
    ]
    result = suppress(cells, MINIMUM)
    everything = {Key(c.sector, c.hf, c.rhf) for c in cells}
    assert result.small == {Key(c.sector, c.hf, c.rhf) for c in cells if c.patients < MINIMUM}
    assert result.small <= result.hidden <= everything
    assert (recoverable(set(result.hidden)) if result.hidden else set()) == set(result.unprotected)
    # What is noted as unprotected could not be helped by hiding anything, not even all of it.
    assert set(result.unprotected) == (recoverable(everything) & result.small if everything else set())
    chance.shuffle(cells)
    assert suppress(cells, MINIMUM) == result


@pytest.mark.parametrize("seed", range(40))
def test_no_small_cell_follows_from_cells_not_being_negative(seed: int):
    """Where hiding every cell would leave the stays of a small cell open, what is hidden leaves them open
    too."""
    chance = random.Random(1000 + seed)
    cells = [
        Cell("SOM", f"h{i}", f"r{j}", chance.choice([1, 3, 6, 20, 80]), chance.choice([0, 0, 1, 9]), Decimal(1))
        for i in range(3)
        for j in range(3)
        if chance.random() < 0.9
    ]
    everything = {Key(c.sector, c.hf, c.rhf) for c in cells}
    result = suppress(cells, MINIMUM)
    for key in result.small:
        place = (key.hf, key.rhf)
        if stays_range(cells, everything, place) > 1:
            assert stays_range(cells, set(result.hidden), place) > 1
