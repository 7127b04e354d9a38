"""The directorate's table of redistribution effects: units by size, whole points, change, per cent.

Every number is rounded once, from the unrounded points, half away from zero. So the printed change may
differ by one from the difference of the printed points, as in the published tables.
"""

from decimal import Decimal
from typing import NamedTuple

from pipelines.publication import norwegian

TOTAL = "TOTALT"


class Line(NamedTuple):
    """One printed row: all text."""

    unit: str
    before: str
    after: str
    change: str
    percent: str


def line(unit: str, before: Decimal, after: Decimal) -> Line:
    """The row of a unit from its unrounded points before and after."""
    change = after - before
    return Line(
        unit,
        norwegian.number(before),
        norwegian.number(after),
        norwegian.number(change),
        percent(change, before),
    )


def percent(change: Decimal, before: Decimal) -> str:
    """The change in per cent of what was, two decimals; a dash where there was nothing."""
    return norwegian.percent(change, before, 2)


def table(rows: list[tuple[str, Decimal, Decimal]]) -> list[Line]:
    """The table of `(unit, points before, points after)`: the largest unit first, the total last."""
    ordered = sorted(rows, key=lambda row: (-row[1], norwegian.alphabetical(row[0])))
    total = line(TOTAL, sum((r[1] for r in rows), Decimal(0)), sum((r[2] for r in rows), Decimal(0)))
    return [*(line(*row) for row in ordered), total]


def plain(text: str) -> str:
    """With ordinary spaces and hyphens, as the directorate prints it and as terminals can."""
    return text.replace(norwegian.NBSP, " ").replace(norwegian.MINUS, "-")
