"""Bars as numbers: positions and widths in per cent, which the templates draw as SVG beside text that stays
HTML.

So a chart is as wide as the screen and its text as large as the rest of the page. Only geometry here.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from pipelines.publication import norwegian
from pipelines.publication.norwegian import NBSP, exact, rounded

SMALLEST = Decimal("0.4")
MOST_TICKS = 5
MILLION = Decimal(1_000_000)


class Segment(NamedTuple):
    """A piece of a bar: left edge and width in per cent of the drawing, the class that colours it, and its exact value
    as text."""

    x: str
    width: str
    kind: str
    value: str = ""


class Bar(NamedTuple):
    """One line of a chart: `label`, `note` below it, the pieces, and the value as text."""

    label: str
    segments: list[Segment]
    text: str
    note: str = ""


class Bars(list[Bar]):
    """The lines of a chart on one scale; `ticks`: the numbers of its axis, as position and text."""

    def __init__(self, bars: Iterable[Bar], low: Decimal = Decimal(0), span: Decimal = Decimal(1)):
        super().__init__(bars)
        self.ticks = _ticks(low, span)


class Column(NamedTuple):
    """One column of a small chart: edges in per cent of the drawing, and the class that colours it; `title` says what
    it is. One whose value is not shown is as high as the drawing."""

    x: str
    width: str
    y: str
    height: str
    kind: str
    title: str


class Panel(NamedTuple):
    """One of several small charts that are read side by side: columns, marks across them (left, right, height), where
    zero is, and the scale's top as text."""

    label: str
    columns: list[Column]
    marks: list[tuple[str, str, str]]
    zero: str
    text: str


def _percent(value: Decimal) -> str:
    return f"{rounded(value, 2)}%"


def _ticks(low: Decimal, span: Decimal) -> list[tuple[str, str]]:
    """Round numbers (1, 2 or 5 times a power of ten) along a scale of `span` from `low`: at most MOST_TICKS, so that
    they can be read on a telephone."""
    step = Decimal(1).scaleb(Decimal(span / MOST_TICKS).adjusted())
    step = next(step * times for times in (1, 2, 5, 10, 20) if span / (step * times) < MOST_TICKS)
    first = -int(-low // step) if low < 0 else int(-(-low // step))
    values = [step * at for at in range(first, first + MOST_TICKS + 1) if low <= step * at <= low + span]
    in_millions = step >= MILLION
    decimals = max(0, -(step / MILLION if in_millions else step).adjusted())
    return [
        (
            _percent(100 * (value - low) / span),
            f"{norwegian.number(value / MILLION, decimals)}{NBSP}mill."
            if in_millions and value
            else norwegian.number(value, decimals),
        )
        for value in values
    ]


def _told(value: Decimal) -> str:
    """The exact value, with no more decimals than points have."""
    return exact(value if -int(value.as_tuple().exponent) <= 3 else rounded(value, 3))


def _segment(start: Decimal, end: Decimal, low: Decimal, span: Decimal, kind: str, value: Decimal) -> Segment:
    """The piece from `start` to `end` on a scale that begins at `low`; what is not 0 stays visible."""
    left, right = sorted((100 * (start - low) / span, 100 * (end - low) / span))
    width = right - left
    if start != end:
        width = max(width, SMALLEST)
    return Segment(_percent(min(left, 100 - width)), _percent(width), kind, _told(value))


def stacked(rows: list[tuple[str, list[tuple[str, Decimal]], str]]) -> Bars:
    """`(label, [(class, value)], text)` → bars whose pieces follow one another; values below 0 are not
    drawn."""
    sums = [sum((max(v, Decimal(0)) for _, v in parts), Decimal(0)) for _, parts, _ in rows]
    span = max(sums, default=Decimal(0)) or Decimal(1)
    bars = []
    for label, parts, text in rows:
        at, segments = Decimal(0), []
        for kind, value in parts:
            if value > 0:
                segments.append(_segment(at, at + value, Decimal(0), span, kind, value))
                at += value
        bars.append(Bar(label, segments, text))
    return Bars(bars, Decimal(0), span)


def waterfall(steps: list[tuple[str, Decimal | None, Decimal, str, str]]) -> Bars:
    """`(label, change or None, level, text, note)` → bars from level to level. A step without change is a
    level shown from 0, the others start where the one before ended and end at their `level`."""
    levels = [level for _, _, level, _, _ in steps]
    low = min([Decimal(0), *levels])
    span = (max([Decimal(0), *levels]) - low) or Decimal(1)
    bars = []
    for label, change, level, text, note in steps:
        if change is None:
            segment = _segment(Decimal(0), level, low, span, "level", level)
        else:
            segment = _segment(level - change, level, low, span, "plus" if change > 0 else "minus", change)
        bars.append(Bar(label, [segment], text, note))
    return Bars(bars, low, span)


def diverging(rows: list[tuple[str, Decimal, str, str]]) -> tuple[Bars, str]:
    """`(label, value, text, note)` → bars right or left of zero, and where zero is."""
    low = min([Decimal(0), *(value for _, value, _, _ in rows)])
    span = (max([Decimal(0), *(value for _, value, _, _ in rows)]) - low) or Decimal(1)
    bars = [
        Bar(label, [_segment(Decimal(0), value, low, span, "plus" if value > 0 else "minus", value)], text, note)
        for label, value, text, note in rows
    ]
    return Bars(bars, low, span), _percent(-100 * low / span)


def around_zero(rows: list[tuple[str, list[tuple[str, Decimal]], str, str]]) -> tuple[Bars, str]:
    """`(label, [(class, value)], text, note)` → bars whose positive pieces follow one another to the right
    of zero and the negative ones to the left, and where zero is."""
    zero = Decimal(0)
    left = min((sum((v for _, v in row[1] if v < 0), zero) for row in rows), default=zero)
    right = max((sum((v for _, v in row[1] if v > 0), zero) for row in rows), default=zero)
    span = (right - left) or Decimal(1)
    bars = []
    for label, parts, text, note in rows:
        up, down, segments = Decimal(0), Decimal(0), []
        for kind, value in parts:
            if value > 0:
                segments.append(_segment(up, up + value, left, span, kind, value))
                up += value
            elif value < 0:
                segments.append(_segment(down, down + value, left, span, kind, value))
                down += value
        bars.append(Bar(label, segments, text, note))
    return Bars(bars, left, span), _percent(-100 * left / span)


def panel(label: str, columns: list[tuple[Decimal | None, str, str]], marks: list[Decimal | None], text: str) -> Panel:
    """`columns`: (value, or None where it is hidden; class; title), `marks`: a level per column to compare with, or
    None. All on one scale from 0 (or the lowest value below) to the highest."""
    shown = [value for value, _, _ in columns if value is not None] + [mark for mark in marks if mark is not None]
    low, high = min([Decimal(0), *shown]), max([Decimal(0), *shown])
    span = (high - low) or Decimal(1)
    step = Decimal(100) / max(len(columns), 1)

    def height(value: Decimal) -> Decimal:
        return 100 * (high - value) / span

    drawn, across = [], []
    for number, (value, kind, title) in enumerate(columns):
        x, width = step * number + step / 10, step * 8 / 10
        top, bottom = (Decimal(0), Decimal(100)) if value is None else sorted((height(value), height(Decimal(0))))
        kind = "hidden" if value is None else kind
        drawn.append(Column(_percent(x), _percent(width), _percent(top), _percent(bottom - top), kind, title))
        mark = marks[number] if number < len(marks) else None
        if mark is not None:
            across.append((_percent(x - step / 20), _percent(x + width + step / 20), _percent(height(mark))))
    return Panel(label, drawn, across, _percent(height(Decimal(0))), text)
