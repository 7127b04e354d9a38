"""How a text of the delivery is read: by the kind of its column."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

from .model import Moment


def parse_date(text: str) -> date | None:
    """`YYYY-MM-DD`."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def parse_moment(text: str) -> Moment | None:
    """`YYYY-MM-DDTHH:MM[:SS]` or a space for the T; a date alone = time of day not reported."""
    day = parse_date(text[:10])
    if day is None:
        return None
    if len(text) == 10:
        return Moment(day, None)
    match = re.fullmatch(r"[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?", text[10:])
    if not match:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    if hours > 23 or minutes > 59 or seconds > 59:
        return None
    return Moment(day, timedelta(hours=hours, minutes=minutes, seconds=seconds))


def parse(kind: str, text: str):
    """The value of a trimmed, non-empty text, or None if it cannot be parsed."""
    if kind == "text" or kind.startswith("list:"):
        return text
    if kind == "code":
        return text.upper()
    if kind == "icd":
        return text.upper().replace(".", "")
    if kind == "int" or kind.startswith("number:"):
        return int(text) if re.fullmatch(r"[+-]?[0-9]+", text) else None
    if kind == "date":
        return parse_date(text)
    if kind == "moment":
        return parse_moment(text)
    if kind == "month":
        return parse_date(text + "-01") if re.fullmatch(r"[0-9]{4}-[0-9]{2}", text) else None
    if kind == "decimal":
        return Decimal(text.replace(",", ".")) if re.fullmatch(r"[+-]?[0-9]+([.,][0-9]+)?", text) else None
    raise AssertionError(kind)


def listed(kind: str, value) -> bool:
    """Is the value among those listed in the contract, as they are written there?"""
    if kind.startswith("list:"):
        return value in kind[5:].split(",")
    if kind.startswith("number:"):
        return str(value) in kind[7:].split(",")
    return True
