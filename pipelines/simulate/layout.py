"""The directorate's table of redistribution effects: unit, points before and after, change, per cent; kroner beside.

Every number is rounded once, from the unrounded points, half away from zero. So the printed change may differ by one
in the last digit from the difference of the printed points, as in the published tables. The published tables have
whole points; where the largest change is small, the whole table gets the decimals that show it.
"""

import functools
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from pipelines.publication import norwegian

TOTAL = "TOTALT"
ZERO = Decimal(0)
# (points of the largest change from, decimals)
DECIMALS = ((100, 0), (1, 1), (0, 3))


class Line(NamedTuple):
    """One printed row: all text."""

    unit: str
    before: str
    after: str
    change: str
    percent: str
    nok: str


def line(unit: str, before: Decimal, after: Decimal, nok: Decimal = ZERO, decimals: int = 0) -> Line:
    """The row of a unit from its unrounded points before and after, and the change in kroner."""
    change = after - before
    return Line(
        unit,
        norwegian.number(before, decimals),
        norwegian.number(after, decimals),
        norwegian.number(change, decimals, sign=True),
        percent(change, before),
        norwegian.number(nok, 0, sign=True),
    )


def percent(change: Decimal | None, before: Decimal | None) -> str:
    """The change in per cent of what was, two decimals and sign; a dash where there was nothing."""
    if change is None or not before:
        return "–"
    return norwegian.number(100 * change / before, 2, sign=True) + norwegian.NBSP + "%"


def decimals(changes: Iterable[Decimal]) -> int:
    """How many decimals a table with these changes is printed with; none where nothing changes."""
    largest = max((abs(value) for value in changes), default=ZERO)
    return next(places for limit, places in DECIMALS if largest >= limit) if largest else 0


def by_size(rows: Iterable[tuple]) -> list[tuple]:
    """Trusts as the directorate lists them: the largest first."""
    return sorted(rows, key=lambda row: (-row[1], norwegian.alphabetical(row[0])))


def by_name(rows: Iterable[tuple]) -> list[tuple]:
    """Regions by name."""
    return sorted(rows, key=lambda row: norwegian.alphabetical(row[0]))


def table(rows: list[tuple]) -> list[Line]:
    """The table of `(unit, points before, points after[, change in kroner])` in the order given, the total last."""
    places = decimals(row[2] - row[1] for row in rows)
    sums: list[Any] = [sum((row[i] for row in rows if len(row) > i), ZERO) for i in (1, 2, 3)]
    whole = functools.partial(line, decimals=places)
    return [whole(*row) for row in [*rows, (TOTAL, *sums)]]


def plain(text: str) -> str:
    """With ordinary spaces and hyphens, as the directorate prints it and as terminals can."""
    return text.replace(norwegian.NBSP, " ").replace(norwegian.MINUS, "-")
