"""Scenarios of somatic care with nothing around them: a day or a tie from a limit."""

from __future__ import annotations

from datetime import timedelta

from . import pools
from .build import DAY, HOUR, Builder, at


def trim_limits(b: Builder, p: str) -> None:
    """One department stay and nothing else, a day from a limit of 7.1 or 7.2.2, with and without a
    discharge-ready date that brings it there."""
    drg = b.r.choice([b.r.choice(pools.TRIM_5), b.r.choice(pools.TRIM_20), "462A", "462B", "462C", "64"])
    trim = pools.REF.drg["SOM", drg].trim_point
    days = trim + b.r.choice([0, 1, 10, 11, 12, 109, 110, 111, 112])
    end = at(b.day() + DAY * (b.tertial > 1) * 90, 12)
    extra = b.r.choice([0, 0, 1, 5, 30])
    start = end - timedelta(days=days + extra)
    ready = (start.date() + timedelta(days=days)).isoformat() if extra or b.chance(20) else ""
    kind = "K" if b.chance(8) else "A"
    icd = [("1", "1", b.r.choice(["Z5089", "I63"]))]
    if b.chance(50):
        icd.append(b.r.choice([("1", "1", "Z5089"), ("2", "1", "Z5080"), ("1", "2", "Z50.89"), ("2", "1", "Z508")]))
    b.episode(p, start, end, drg, kind=kind, icd=icd, utskrKlarDato=ready)


def doctors(b: Builder, p: str) -> None:
    """Doctors in several HDGs with one or two contacts each of equal weight, and contacts without doctor."""
    where, day = b.somewhere(), b.day()
    drgs = b.r.sample(pools.TIED[:8], k=3)
    for drg in [*drgs[:2], b.r.choice(drgs[:2]), *drgs[2:]]:
        start = at(day, b.r.choice([8, 9]))
        b.episode(p, start, start + HOUR, drg, where=where, persons=[b.r.choice(["1", "17"])])
    for _ in range(b.r.choice([1, 2])):
        start = at(day, b.r.choice([7, 10]))
        drg = b.r.choice([*drgs, "908B", "923O"])
        b.episode(p, start, start + HOUR, drg, where=where, persons=["2"], stedAktivitet=b.r.choice(["1", "4"]))


def same_everything(b: Builder, p: str) -> None:
    """Contacts that differ in id, trust and home only: the smallest id by code point leads."""
    institution, _ = b.somewhere()
    start = at(b.day(), 9)
    drg = b.r.choice(pools.TIED)
    for _ in range(b.r.choice([2, 3])):
        home = b.r.choice(pools.MUNICIPALITIES)
        where = (institution, b.r.choice(b.trusts))
        b.episode(p, start, start + HOUR, drg, where=where, komNrHjem=home, known=(True, True), icd="M170")


def summer_time_ends(b: Builder, p: str) -> None:
    """Starts and ends around the hour that occurs twice, alone, chained and as contacts of one day: an end
    before its start is right in that hour of that night only."""
    night = pools.SUMMER_TIME_ENDS if b.chance(90 if b.tertial == 3 else 10) else b.r.choice(pools.OTHER_NIGHTS)
    where = b.somewhere()
    somatic = b.chance(75)
    pool = b.r.choice([pools.SHORT, pools.TIED[:4], pools.INPATIENT]) if somatic else pools.PHV
    for _ in range(b.r.choice([1, 2, 3])):
        begin, end = (at(night) + timedelta(seconds=s) for s in b.r.sample(MOMENTS, k=2))
        if b.chance(65):
            begin, end = max(begin, end), min(begin, end)
        if b.chance(10):
            end += DAY * b.r.choice([1, -1])
        kind = b.r.choice("KKKA")
        sektor = "SOM" if somatic else "VOP"
        known = (not b.chance(6), not b.chance(6))
        b.episode(p, begin, end, b.r.choice(pool), kind=kind, sektor=sektor, where=where, known=known, icd="M170")
    if b.chance(30):
        start = at(night) - HOUR * b.r.choice([2, 26])
        b.episode(
            p, start, at(night) + b.r.choice([0, 1, 2]) * HOUR, b.r.choice(pools.INPATIENT), kind="A", where=where
        )


#: seconds after midnight: around 02:00 and 03:00, and within
MOMENTS = [7199, 7200, 7201, 7800, 9000, 9000, 10200, 10200, 10799, 10800, 10801, 3600, 14400]

SCENARIOS = [summer_time_ends, summer_time_ends, trim_limits, trim_limits, doctors, same_everything]
