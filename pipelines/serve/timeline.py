"""The episodes of a stay on a line of time: positions in per cent, which the template draws as SVG."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from pipelines.publication import norwegian
from pipelines.publication.norwegian import rounded

SMALLEST = Decimal("0.6")
MOST_MARKS = 6
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Piece:
    """An episode: what it is called, when it was, and where its bar is."""

    id: str
    text: str
    when: str
    x: str
    width: str
    is_main: bool


@dataclass(frozen=True)
class Timeline:
    """The pieces in order, and marks (position, text) under them."""

    pieces: list[Piece]
    marks: list[tuple[str, str]]


def timeline(episodes: list[dict[str, Any]]) -> Timeline | None:
    """Where the episodes of a stay lie in time; None where none has an end.

    `episodes`: as `pipelines.explain.find` has them, in order.
    """
    if not episodes or any(one["end"] is None for one in episodes):
        return None
    first = min(one["start"] for one in episodes)
    last = max(one["end"] for one in episodes)
    span = max(last - first, timedelta(hours=1))
    pieces = [
        Piece(
            id=one["episode_id"],
            text=f"{'avdelingsopphold' if one['episodetype'] == 'A' else 'kontakt'}, DRG {one['drg']}",
            when=f"{_moment(one['start'], one['start_time_known'])} – {_moment(one['end'], one['end_time_known'])}",
            x=_percent(one["start"] - first, span),
            width=_percent(one["end"] - one["start"], span, SMALLEST),
            is_main=one["is_main"],
        )
        for one in episodes
    ]
    return Timeline(pieces, _marks(first, last, span))


def _marks(first: datetime, last: datetime, span: timedelta) -> list[tuple[str, str]]:
    """Midnights, as many as can be read; of a single day its hours."""
    days = (last.date() - first.date()).days
    if days == 0:
        return [(_percent(timedelta(0), span), f"{first:%H:%M}"), (_percent(span, span), f"{first + span:%H:%M}")]
    step = -(-days // MOST_MARKS)
    midnight = datetime(first.year, first.month, first.day) + DAY
    found = []
    while midnight <= last:
        found.append((_percent(midnight - first, span), norwegian.date(midnight)[:5]))
        midnight += step * DAY
    return found


def _percent(part: timedelta, whole: timedelta, least: Decimal = Decimal(0)) -> str:
    share = 100 * Decimal(part // timedelta(seconds=1)) / Decimal(whole // timedelta(seconds=1))
    return f"{rounded(max(share, least), 2)}%"


def _moment(value: datetime, time_known: bool) -> str:
    return f"{norwegian.date(value)} {value:%H:%M}" if time_known else norwegian.date(value)
