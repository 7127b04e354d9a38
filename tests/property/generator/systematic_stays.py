"""Deliveries in which every case of a family of limits stands alone, each with a patient of its own."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product

from ..hand import Hand
from . import pools

NOON = datetime(2025, 3, 3, 12)


def text(moment: datetime, known: bool = True) -> str:
    return moment.isoformat() if known else moment.date().isoformat()


def trim_limits() -> Hand:
    """7.1, 7.2.1 and 7.2.2: a day from each limit, the discharge-ready date around it, the codes as main,
    secondary and asterisk. One DRG of each trim point, and the rehabilitation DRGs."""
    hand = Hand()
    by_trim = {row.trim_point: code for (s, code), row in pools.REF.drg.items() if s == "SOM"}
    drgs = sorted({by_trim[t] for t in by_trim if t in (0, 4, 5, 6, 7, 14, 19, 20, 21, 22, 27, 32)})
    conditions = [
        ("I63", ""),
        ("Z5089", ""),
        ("Z5089", "Z5089"),
        ("I63", "Z50.80"),
        ("", "Z5089"),
        ("I63 Z5089", ""),
    ]
    number = 0
    for drg in [*drgs, "462A", "462B", "462C"]:
        trim = pools.REF.drg["SOM", drg].trim_point
        for days, ready, (icd, other) in product((0, 1, 10, 11, 110, 111), (None, 0, -1, 1, -30), conditions):
            number += 1
            start = NOON.date()
            end = start + timedelta(days=trim + days)
            over = {} if ready is None else {"utskrKlarDato": (end + timedelta(days=ready)).isoformat()}
            kind = "k" if number % 17 == 0 else "a"
            dates = (start.isoformat(), end.isoformat())
            hand.episode(f"{kind}{number}", drg, *dates, icd=icd, other=other, pasientID=f"p{number}", **over)
    for drg, days in product(("462A", "462B"), range(0, 40)):
        number += 1
        end = (NOON.date() + timedelta(days=days)).isoformat()
        hand.episode(f"a{number}", drg, NOON.date().isoformat(), end, pasientID=f"p{number}")
    return hand


def gaps() -> Hand:
    """2.1.1: two department stays with every gap and every unreported time, in both sectors; the longer
    first or last; and a contact at each edge of the extended interval."""
    hand = Hand()
    seconds = (-7201, -7200, -1, 0, 1, 7199, 7200, 7201, 3600 * 12, 3600 * 24)
    cases = product(seconds, product((True, False), repeat=4), (("89", "90"), ("TD427A", "TD981")))
    for number, (gap, known, drgs) in enumerate(cases, 1):
        patient = {"pasientID": f"p{number}"}
        end = NOON + timedelta(days=2)
        start = end + timedelta(seconds=gap)
        hand.episode(f"a{number}x", drgs[0], text(NOON, known[0]), text(end, known[1]), **patient)
        stop = start + timedelta(days=1)
        hand.episode(f"a{number}y", drgs[1], text(start, known[2]), text(stop, known[3]), **patient)
    for gap, length, drg in product(seconds, (0, 600, 86400 * 4), ("908B", "TD32A")):
        for side in (1, -1):
            number += 1
            patient = {"pasientID": f"p{number}"}
            stay = ("89", NOON, NOON + timedelta(days=1)) if drg == "908B" else ("TD427A", NOON, NOON)
            hand.episode(f"a{number}", stay[0], text(stay[1]), text(stay[2]), **patient)
            edge = stay[2] + timedelta(seconds=gap) if side == 1 else stay[1] - timedelta(seconds=gap + length)
            hand.episode(f"k{number}", drg, text(edge), text(edge + timedelta(seconds=length)), **patient)
    return hand


def weekends() -> Hand:
    """7.14: every weekday of leaving, one to four days away, every urgency, which stay is lighter, and a
    third stay after them or at another institution."""
    hand = Hand()
    weights = (("89", "90"), ("90", "89"), ("90", "90"), ("351", "90"))
    number = 0
    for leave, away, drgs in product(range(7), range(0, 5), weights):
        for urgency, third in product(("4", "1"), ("", "same", "elsewhere", "between")):
            number += 1
            out = datetime(2025, 3, 3, 10) + timedelta(days=7 + leave)
            back = out + timedelta(days=away, hours=5)
            patient = {"pasientID": f"p{number}", "innmateHast": urgency}
            hand.episode(f"a{number}x", drgs[0], text(out - timedelta(days=2)), text(out), **patient)
            hand.episode(f"a{number}y", drgs[1], text(back), text(back + timedelta(days=5 - away)), **patient)
            if third:
                start = back + timedelta(days=7 - away) if third != "between" else out + timedelta(hours=3)
                end = start + timedelta(days=1) if third != "between" else start + timedelta(hours=1)
                over = {**patient, "institusjonID": "2"} if third == "elsewhere" else patient
                hand.episode(f"a{number}z", drgs[0], text(start), text(end), **over)
    return hand


def five_hours() -> Hand:
    """7.19: a second from 300 minutes, as one contact, as a department stay, and as two chained episodes."""
    hand = Hand()
    cases = product(pools.SHORT, (299 * 60, 17999, 18000, 18001), "ak", (True, False))
    for number, (drg, seconds, kind, known) in enumerate(cases, 1):
        patient = {"pasientID": f"p{number}"}
        end = NOON - timedelta(hours=6) + timedelta(seconds=seconds)
        hand.episode(f"{kind}{number}", drg, text(NOON - timedelta(hours=6)), text(end, known), **patient)
        if number % 5 == 0:
            start = NOON - timedelta(hours=6, minutes=1)
            hand.episode(f"k{number}b", "908B", text(start), text(start), **patient)
    return hand


def supplements() -> Hand:
    """3: every supplement code with every DRG that knows it, in every kind of stay."""
    hand = Hand()
    drgs = [
        "998O",
        "992O",
        "TD998A",
        "TD998B",
        "TD802A",
        "TD802B",
        "TD32A",
        "TD72B",
        "TD97",
        "342N",
        "470",
        "474",
    ]
    drgs += [*pools.STERILISATION, *pools.BURNS]
    codes = ["", "WWAA00", "WWAA03", "WRBA20", "WRBA21", "WRBA22", "KGV20", "YKA02", "YKA00"]
    cases = product(drgs, codes, "ak", (0, 1))
    for number, (drg, code, kind, nights) in enumerate(cases, 1):
        end = NOON + timedelta(days=nights, hours=1)
        over = {
            "icd": ("Z302", "N80", "Z3020")[number % 3],
            "codes": code,
            "tariffs": "B53" if number % 11 == 0 else "",
            "stedAktivitet": ("1", "4", "5")[number // 3 % 3],
            "hf": ("983974724", "993467049")[number // 2 % 2],
            "fodselsar": ("1998", "1999", "")[number // 5 % 3],
        }
        hand.episode(f"{kind}{number}", drg, text(NOON), text(end), pasientID=f"p{number}", **over)
    for drg, trusts in product(pools.BURNS, (("983974724", "1"), ("1", "983974724"))):
        number += 1
        later = NOON + timedelta(hours=2)
        patient = {"pasientID": f"p{number}"}
        hand.episode(f"a{number}x", "980D", text(NOON), text(later), hf=trusts[0], **patient)
        hand.episode(f"a{number}y", drg, text(later), text(later), hf=trusts[1], **patient)
    for code, drg in product(sorted(pools.REF.organ_donation), ("342N", "TD32A")):
        number += 1
        hand.episode(f"a{number}", drg, text(NOON), text(NOON), pasientID=f"p{number}", codes=code)
    return hand


def regions(*stays: tuple[int, int]) -> Hand:
    """7.2.1: so many complex and simple stays in each of the four regions."""
    hand = Hand()
    number = 0
    for home, (complex_stays, simple_stays) in zip(("0301", "5001", "4601", "5501"), stays, strict=False):
        for drg in ["462A"] * complex_stays + ["462B"] * simple_stays:
            number += 1
            end = NOON + timedelta(days=number % 9)
            hand.episode(f"a{number}", drg, text(NOON), text(end), pasientID=f"p{number}", komNrHjem=home)
    return hand
