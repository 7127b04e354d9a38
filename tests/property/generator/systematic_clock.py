"""Limits of the clock: 24:00, fractions over midnight, and the hour that occurs twice."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

from ..hand import Hand
from . import pools
from .build import DAY, HOUR, SECOND, at
from .systematic_stays import NOON, text

NIGHT = at(pools.SUMMER_TIME_ENDS)
#: around 02:00 and 03:00, and within
CLOCK = ("01:59:59", "01:59:59.5", "02:00", "02:30", "02:30:00.4", "03:00", "03:00:00.4", "03:00:00.5", "03:00:01")


def autumn() -> Hand:
    """Every start with every end around the hour that occurs twice, as contact and as department stay; on the
    night and on nights that look like it."""
    hand = Hand()
    cases = [(pools.SUMMER_TIME_ENDS, *times, kind) for *times, kind in product(CLOCK, CLOCK, "ak")]
    cases += [(night, "02:50", end, "k") for night in pools.OTHER_NIGHTS for end in ("02:10", "02:50", "24:00")]
    for number, (night, start, end, kind) in enumerate(cases, 1):
        times = (f"{night}T{start}", f"{night}T{end}")
        hand.episode(f"{kind}{number}", "980D", *times, pasientID=f"p{number}")
    return hand


def autumn_together() -> Hand:
    """Two episodes in that night, one of which ends before it starts: which one leads, how long the stay lasts,
    and what a department stay with such an interval takes."""
    hand = Hand()
    minutes = (120, 121, 150, 179, 180)
    others = [(start, end) for start in (-60, 0, 60, 130, 170, 300) for end in (start, start + 40, start + 170)]
    cases = product([(s, e) for s in minutes for e in minutes if e < s], others, ("aa", "ak", "ka", "kk", "pp"))
    for number, (one, other, kinds) in enumerate(cases, 1):
        patient = {"pasientID": f"p{number}"}
        drgs = ("TD427A", "TD32A") if kinds == "pp" else ("980D", "980D")
        for (start, end), kind, drg, name in zip((one, other), kinds.replace("pp", "ak"), drgs, "xy", strict=True):
            times = (text(NIGHT + timedelta(minutes=m)) for m in (start, end))
            hand.episode(f"{kind}{number}{name}", drg, *times, **patient)
    return hand


def midnights() -> Hand:
    """The four ways to write a midnight as an end, and a second from it: length, period, weekend leave, the
    stay that follows or touches, the date's contacts, the month of a pathway."""
    hand = Hand()
    friday = at(pools.ANCHORS[1][1]) + DAY  # the end of the last day of January, a Friday
    last = friday - DAY
    ends = [last.date().isoformat() + tail for tail in ("", "T24:00", " 24:00:00.000", "T23:59:59.4", "T23:59:59.5")]
    ends += [text(friday), text(friday, known=False), text(friday - SECOND)]
    days = (0, 1, 2, 3)
    for number, (end, second, days_away, drg) in enumerate(product(ends, ends, days, ("89", "TD427A", "317")), 1):
        patient = {"pasientID": f"p{number}", "innmateHast": "4"}
        hand.episode(f"a{number}x", drg, text(last - HOUR * (17 + number % 3)), end, **patient)
        start = friday + DAY * days_away + timedelta(hours=(0, 2, 3)[number % 3])
        hand.episode(f"a{number}y", drg, text(start), text(start + 30 * HOUR), **patient)
        if second == ends[number % len(ends)]:
            hand.episode(f"k{number}z", "980D", text(friday - 5 * HOUR), second, **patient, institusjonID="2")
            hand.episode(f"k{number}w", "317O", text(friday - HOUR), second, **patient, codes="JAGD55")
    return hand


def lengths() -> Hand:
    """7.1 and 7.19 with the end written as 24:00, as midnight and as a fraction before it."""
    hand = Hand()
    trim = pools.REF.drg["SOM", "64"].trim_point
    ends = ("T24:00", "T23:59:59.499", "T23:59:59.500", "T00:00:00.000", " 24:00:00,00")
    for number, (days, end, ready) in enumerate(product((9, 10, 11), ends, (None, -1, 0, 1)), 1):
        day = NOON.date() + DAY * (trim + days)
        over = {} if ready is None else {"utskrKlarDato": f"{day + DAY * ready}T00:00:00.000"}
        hand.episode(f"a{number}", "64", text(NOON), f"{day}{end}", pasientID=f"p{number}", **over)
        for second in (-1, 0, 1):
            start = at(day) + DAY * (end[1:3] != "00") - 5 * HOUR + second * SECOND
            name = f"k{number}{'abc'[second]}"
            hand.episode(name, "980D", text(start), f"{day}{end}", pasientID=f"q{name}")
    return hand
