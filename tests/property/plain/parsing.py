"""How a text of the delivery is read: by the kind of its column."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal

from .model import Moment

#: whole numbers are held in 64 bits, those of municipalities in 32; one that does not fit cannot be read
BITS = {"int": 64, "number": 64, "town": 32}
#: amounts are held in 16 digits before the point and 6 behind it
AMOUNT = Context(prec=22, rounding=ROUND_HALF_UP)
DAY = timedelta(days=1)


def parse_int(text: str, bits: int) -> int | None:
    """A whole number: `01` = 1; a fraction of zeros is allowed (`1.0`, `301,00`)."""
    match = re.fullmatch(r"([+-]?[0-9]+)(?:[.,]0+)?", text)
    value = int(match[1]) if match else None
    return value if value is not None and -(2 ** (bits - 1)) <= value < 2 ** (bits - 1) else None


def parse_day(text: str) -> date | None:
    """`YYYY-MM-DD`."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def parse_date(text: str) -> date | None:
    """`YYYY-MM-DD`; a time of day of zeros behind it is allowed, any other makes the value unreadable."""
    time_of_day = text[10:]
    if time_of_day and not re.fullmatch(r"[T ]00:00(:00([.,]0+)?)?", time_of_day):
        return None
    return parse_day(text[:10])


def rounded(seconds: int, fraction: str) -> int:
    """A fraction of a second is rounded to the nearest second, half up: the first digit decides."""
    return seconds + (1 if fraction and fraction[0] >= "5" else 0)


def parse_moment(text: str, is_end: bool) -> Moment | None:
    """`YYYY-MM-DDTHH:MM[:SS[.f...]]` or a space for the T; a date alone = time of day not reported.

    Rounding a fraction goes over midnight into the next date too. `24:00[:00[.0...]]` is an end only: the
    midnight that ends its date; the time of day is known and the date stays the one that is written.
    """
    day = parse_day(text[:10])
    if day is None:
        return None
    if len(text) == 10:
        return Moment(day, None)
    if is_end and re.fullmatch(r"[T ]24:00(:00([.,]0+)?)?", text[10:]):
        return Moment(day, DAY)
    match = re.fullmatch(r"[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]+))?)?", text[10:])
    if not match:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups()[:3])
    if hours > 23 or minutes > 59 or seconds > 59:
        return None
    time = timedelta(hours=hours, minutes=minutes, seconds=rounded(seconds, match[4]))
    if time == DAY:
        # There is no date after the last one: there it stays the midnight that ends it.
        return Moment(day, DAY) if day == date.max else Moment(day + DAY, timedelta(0))
    return Moment(day, time)


def parse_amount(text: str) -> Decimal | None:
    """Decimal point or comma, no thousands separator."""
    if not re.fullmatch(r"[+-]?[0-9]+([.,][0-9]+)?", text):
        return None
    value = Decimal(text.replace(",", "."))
    return value.quantize(Decimal("0.000001"), context=AMOUNT) if abs(value) < 10**16 else None


def parse(kind: str, text: str):
    """The value of a trimmed, non-empty text, or None if it cannot be parsed."""
    if kind == "text" or kind.startswith("list:"):
        return text
    if kind == "code":
        return text.upper()
    if kind == "icd":
        return text.upper().replace(".", "")
    if kind.split(":")[0] in BITS:
        return parse_int(text, BITS[kind.split(":")[0]])
    if kind == "date":
        return parse_date(text)
    if kind in ("start", "end"):
        return parse_moment(text, kind == "end")
    if kind == "month":
        return parse_day(text + "-01") if re.fullmatch(r"[0-9]{4}-[0-9]{2}", text) else None
    if kind == "decimal":
        return parse_amount(text)
    raise AssertionError(kind)


def listed(kind: str, value) -> bool:
    """Is the value among those listed in the contract, as they are written there?"""
    if kind.startswith("list:"):
        return value in kind[5:].split(",")
    if kind.startswith("number:"):
        return str(value) in kind[7:].split(",")
    return True
