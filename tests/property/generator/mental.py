"""Scenarios of mental health care and substance abuse treatment."""

from __future__ import annotations

from datetime import timedelta

from . import pools
from .build import DAY, HOUR, MINUTE, Builder, at
from .somatic import GAPS, some_codes


def sektor(b: Builder) -> str:
    return b.r.choice(["VOP", "VOP", "TSB", "BUP"])


def icd(b: Builder) -> str:
    return b.r.choice(["F32", "F32.1", "F10", *pools.NON_ISF[:6]] if b.chance(25) else ["F32", "F20", "F10.2"])


def contact(b: Builder, p: str, day, where, **over) -> None:
    start = at(day, b.r.choice([0, 8, 8, 9, 23]), b.r.choice([0, 30]))
    end = start + b.r.choice([0 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR])
    drg = b.r.choice(pools.EXCEPTIONS_PHV if b.chance(35) else pools.PHV)
    codes = some_codes(b)
    if b.chance(15):
        codes.append(b.r.choice(pools.SERVICE_CODES_PHV))
    if drg in ("TD998A", "TD998B", "TD802A", "TD802B"):
        codes.append(b.r.choice(["WWAA00", "WWAA03"]))
    over.setdefault("kontaktType", b.r.choice(["1", "2", "5", "5", "05", ""]))
    over.setdefault("stedAktivitet", b.r.choice(["1", "1", "4", "5", ""]))
    b.episode(p, start, end, drg, sektor=sektor(b), where=where, icd=icd(b), codes=codes, **over)


def contacts_of_a_day(b: Builder, p: str) -> None:
    """Direct and indirect contacts, exceptions, and a day programme that takes the whole day."""
    where, day = b.somewhere(), b.day()
    for _ in range(b.r.choice([2, 3, 4, 5])):
        born = b.r.choice(["1998", "1999"]) if b.chance(30) else b.born[p]
        contact(b, p, day, where, fodselsar=born)
    if b.chance(30):
        start = at(day, 10)
        code = b.r.choice(["IEAA00", "IEAA10", "ieaa10", "IEAA20"])
        drg = b.r.choice([*pools.PHV, *pools.EXCEPTIONS_PHV])
        b.episode(p, start, start + HOUR, drg, sektor=sektor(b), where=where, icd=icd(b), codes=[code])


def department_stays(b: Builder, p: str) -> None:
    """Department stays that chain or touch, with contacts on covered and neighbouring dates."""
    where = b.somewhere()
    start = at(b.day(), b.r.choice([0, 10, 23]))
    days = set()
    for _ in range(b.r.choice([1, 2, 2])):
        end = start + b.r.choice([3 * HOUR, DAY, 2 * DAY, at(start.date()) + DAY - start])
        drg = b.r.choice(pools.PHV_INPATIENT)
        sector = sektor(b)
        codes = [*some_codes(b), b.r.choice(pools.SERVICE_CODES_PHV)]
        b.episode(p, start, end, drg, kind="A", sektor=sector, where=where, icd=icd(b), codes=codes)
        days |= {start.date(), end.date(), start.date() - DAY, end.date() + DAY}
        start = end + b.r.choice(GAPS)
    for _ in range(b.r.choice([1, 2, 3])):
        contact(b, p, b.r.choice(sorted(days)), where)


def copayment(b: Builder, p: str) -> None:
    """Consultations of the young the same day at several institutions: one supplement a day."""
    day = b.day(1)
    for _ in range(b.r.choice([1, 2, 3])):
        institution = b.r.choice(b.institutions)
        born = b.r.choice(["1998", "1999", "1999", "2000", b.r.choice(pools.BIRTH_YEARS)])
        contact(b, p, day, (institution, b.trusts[0]), fodselsar=born)
    if b.chance(40):
        where = (b.r.choice(pools.INSTITUTIONS), b.trusts[0])
        start = at(day, b.r.choice([0, 7, 12]))
        b.episode(p, start, start + DAY, "TD427A", kind="A", sektor="VOP", where=where, fodselsar="2000")


def both_sectors(b: Builder, p: str) -> None:
    """The two sectors meet on a day, at the same institution and at the same time."""
    where, day = b.somewhere(), b.day()
    contact(b, p, day, where)
    b.episode(p, at(day, 8), at(day, 9), b.r.choice(pools.TIED), where=where)
    if b.chance(50):
        end = at(day + timedelta(days=1), 9)
        drg, kind = b.r.choice([("TD427A", "VOP"), (pools.INPATIENT[0], "SOM")])
        b.episode(p, at(day, 7), end, drg, kind="A", sektor=kind, where=where)


SCENARIOS = [
    contacts_of_a_day,
    contacts_of_a_day,
    department_stays,
    department_stays,
    copayment,
    both_sectors,
]
