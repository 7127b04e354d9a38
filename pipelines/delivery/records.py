"""Where the lines and records of a block of CSV text begin and end, found with arrays instead of a loop.

What belongs here: positions in bytes. What does not: fields and values (`pipelines/load_csv.py`). A line ends
in LF, CRLF or a CR alone; a record is one line or, where a quoted field holds line ends, several (RFC 4180).
"""

from __future__ import annotations

import numpy as np

_QUOTE, _CR, _LF, _SEMICOLON = 34, 13, 10, 59


def _lone_cr(data: bytes) -> bool:
    return b"\r" in data and data.count(b"\r") != data.count(b"\r\n")


def _line_ends(data: bytes, final: bool) -> np.ndarray:
    """Positions after each physical line end: LF, CRLF, or a CR alone (not one whose LF may still come)."""
    a = np.frombuffer(data, np.uint8)
    is_end = a == _LF
    if _lone_cr(data):
        is_cr = a == _CR
        is_cr[:-1] &= a[1:] != _LF
        is_cr[-1] &= final
        is_end |= is_cr
    return np.flatnonzero(is_end) + 1


def record_ends(data: bytes, final: bool) -> tuple[np.ndarray, int | None]:
    """Positions after each line end that is outside quotes, and where a quote is still open (else None).

    Without `final` only the last of them is sought where that is quick.
    """
    if b'"' not in data:
        if final or _lone_cr(data):
            return _line_ends(data, final), None
        last = data.rfind(b"\n") + 1
        return np.array([last] if last else [], np.int64), None
    quotes = _true_quotes(data)
    ends = _line_ends(data, final)
    outside = np.searchsorted(quotes, ends) % 2 == 0
    return ends[outside], (int(quotes[-1]) if len(quotes) % 2 else None)


def _true_quotes(data: bytes) -> np.ndarray:
    """Positions of the quotes that open or close a field, in turn.

    A quote opens a field only as its first character; elsewhere in an unquoted field it is a character like
    others. A doubled quote inside a field counts as closed and opened again, which comes to the same.
    """
    a = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(a == _QUOTE)
    opening = quotes[::2]
    before = a[np.maximum(opening - 1, 0)]
    first = (opening == 0) | (before == _SEMICOLON) | (before == _LF) | (before == _CR)
    again = np.zeros(len(opening), bool)
    again[1:] = opening[1:] == quotes[1:-1:2][: len(opening) - 1] + 1
    if (first | again).all():
        return quotes
    kept: list[int] = []  # some quotes are plain characters: go through them in order
    inside, closed = False, -2
    for position in quotes.tolist():
        starts_field = position == 0 or data[position - 1] in (_SEMICOLON, _LF, _CR)
        if inside or starts_field or position == closed + 1:
            kept.append(position)
            closed = position if inside else -2
            inside = not inside
    return np.array(kept, np.int64)


def count_lines(data: bytes) -> int:
    return data.count(b"\n") + (data.count(b"\r") - data.count(b"\r\n") if b"\r" in data else 0)


def record_lines(data: bytes, first_line: int) -> np.ndarray:
    """The physical line on which each record of a block starts; blank lines are not records."""
    blank = data[:1] in (b"\n", b"\r") or b"\n\n" in data or b"\n\r\n" in data
    if b'"' not in data and not blank and not _lone_cr(data):
        records = data.count(b"\n") + (not data.endswith(b"\n"))
        return np.arange(first_line, first_line + records)
    line_ends = _line_ends(data, True)
    ends, _ = record_ends(data, True)
    if len(ends) == 0 or ends[-1] != len(data):
        ends = np.append(ends, len(data))
    starts = np.concatenate([[0], ends[:-1]])
    lines = first_line + np.searchsorted(line_ends, starts, side="right")
    a = np.frombuffer(data, np.uint8)
    first = a[starts]
    return lines[~((first == _LF) | (first == _CR))]
