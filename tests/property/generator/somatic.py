"""Scenarios of somatic care: each adds a few related episodes of one patient around one day."""

from __future__ import annotations

from datetime import timedelta

from . import pools
from .build import DAY, HOUR, MINUTE, SECOND, Builder, at

#: gaps around the 120 minutes, touching, overlapping and contained
GAPS = [
    120 * MINUTE,
    120 * MINUTE,
    120 * MINUTE + SECOND,
    120 * MINUTE - SECOND,
    0 * MINUTE,
    -3 * HOUR,
    5 * HOUR,
]
GAPS += [-2 * DAY, 24 * HOUR, 121 * MINUTE, 240 * MINUTE, 239 * MINUTE]


def conditions(b: Builder) -> list[tuple[str, str, str]]:
    """Condition rows: several main conditions, asterisk codes, the same code twice, none at all."""
    pool = [*pools.ICD, *pools.REHAB, *pools.REHAB]
    if b.chance(20):
        pool += pools.NON_ISF + pools.NEAR_NON_ISF
    rows = [("1", "1", b.r.choice(pool))] if b.chance(92) else []
    for _ in range(b.r.choice([0, 0, 1, 1, 2])):
        number, code_number = b.r.choice([("1", "1"), ("1", "2"), ("2", "1"), ("2", "2"), ("01", "1"), ("3", "1")])
        rows.append((number, code_number, b.r.choice(pool if b.chance(70) else pools.REHAB)))
    if rows and b.chance(15):
        rows.append((b.r.choice(["1", "2"]), "1", rows[0][2]))
    b.r.shuffle(rows)
    return rows


def some_codes(b: Builder) -> list[str]:
    """Procedures of every kind, and near-misses."""
    codes = []
    if b.chance(35):
        codes.append(b.r.choice(pools.SUPPLEMENT_CODES))
    if b.chance(20):
        codes.append(b.r.choice(pools.SERVICE_CODES))
    if b.chance(8):
        codes.append(b.r.choice(pools.NEAR_CODES))
    return codes


def any_drg(b: Builder) -> str:
    pool = b.r.choice(pools.SOMATIC)
    return b.r.choice(pool)


def chain(b: Builder, p: str) -> None:
    """Department stays at gaps around the limit, and contacts at both ends of the extended interval."""
    where = b.somewhere()
    start = at(b.day(), b.r.choice([0, 8, 21, 23]), b.r.choice([0, 0, 59]))
    first = last = None
    for _ in range(b.r.choice([1, 2, 2, 3])):
        length = b.r.choice([3 * HOUR, 26 * HOUR, 2 * DAY, at(start.date()) + DAY - start, 8 * HOUR])
        end = start + max(length, HOUR)
        drg = b.r.choice([any_drg(b), b.r.choice(pools.INPATIENT)])
        ready = (start + b.r.choice([-1, 0, 1, 2]) * DAY).date().isoformat() if b.chance(20) else ""
        b.episode(
            p,
            start,
            end,
            drg,
            kind="A",
            where=where,
            icd=conditions(b),
            codes=some_codes(b),
            utskrKlarDato=ready,
        )
        first, last = min(first or start, start), max(last or end, end)
        start = end + b.r.choice(GAPS)
    for _ in range(b.r.choice([0, 1, 2, 3])):
        after = [last + 120 * MINUTE, last + 120 * MINUTE + SECOND, last + HOUR, last - HOUR, last + 10 * DAY]
        before = [first - 120 * MINUTE, first - 121 * MINUTE, first - 5 * DAY]
        edge = b.r.choice(after + before)
        length = b.r.choice([0 * MINUTE, HOUR, 4 * HOUR, 3 * DAY])
        at_end = edge <= first
        begin = edge - length if at_end else edge
        b.episode(p, begin, begin + length, any_drg(b), where=where, icd=conditions(b), codes=some_codes(b))


def outpatient_day(b: Builder, p: str) -> None:
    """Several contacts the same day: equal weights, equal times, doctors in different HDGs, exceptions."""
    where = b.somewhere()
    day = b.day(1)
    pool = b.r.choice([pools.TIED, pools.TIED, pools.EXCEPTIONS_SOM + pools.TIED, pools.TRIGGER_MEMBERS + pools.TIED])
    pool = b.r.sample(pool, k=min(3, len(pool)))
    for _ in range(b.r.choice([2, 3, 4])):
        start = at(day, b.r.choice([8, 8, 9, 23]), b.r.choice([0, 30]))
        length = b.r.choice([30 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR])
        persons = b.r.choice([["1"], ["1"], ["17"], ["2"], ["2"], ["2", "01"], ["9", "1"], ["4"]])
        hdg = b.r.choice(["1", "5", "8", "08", "x"]) if b.chance(20) else ""
        b.episode(
            p,
            start,
            start + length,
            b.r.choice(pool),
            where=where,
            persons=persons,
            hdg=hdg,
            icd=conditions(b) if b.chance(40) else "",
            codes=some_codes(b),
        )


def long_stay(b: Builder, p: str) -> None:
    """Trim limits, discharge-ready before and after, rehabilitation as secondary condition."""
    drg = b.r.choice([*pools.TRIM_5, *pools.TRIM_20, "14A", "64", "475A", "462A", "462B", "462C", "462A", "462B"])
    trim = pools.REF.drg["SOM", drg].trim_point
    target = b.r.choice(
        [trim - 1, trim, trim + 1, trim + 2, trim + 10, trim + 11, trim + 11, trim + 110, trim + 111, 6]
    )
    target = b.r.choice([target] * 6 + [0, 1, 15, 16, 19, 35, 36])
    where = b.somewhere()
    extra = b.r.choice([0, 0, 0, 1, 10])
    end = at(b.day(), b.r.choice([0, 10, 12]))
    start = at((end - timedelta(days=max(target, 0) + extra)).date(), b.r.choice([0, 8]))
    ready = ""
    if extra or b.chance(30):
        ready = (start.date() + timedelta(days=target + b.r.choice([0, 0, 0, 1, -1, 20]))).isoformat()
    rows = conditions(b)
    if b.chance(50):
        rows = rows[:1]
    if b.chance(40):
        rows.append((b.r.choice(["1", "2", "3"]), b.r.choice(["1", "2"]), b.r.choice(pools.REHAB)))
    kind = "K" if b.chance(12) else "A"
    b.episode(p, start, end, drg, kind=kind, where=where, icd=rows, codes=some_codes(b), utskrKlarDato=ready)
    if b.chance(30):
        second = end + b.r.choice([HOUR, 120 * MINUTE])
        stop = second + b.r.choice([HOUR, DAY, 3 * DAY])
        early = (start.date() + timedelta(days=b.r.choice([0, trim, trim + 3]))).isoformat() if b.chance(50) else ""
        kind = b.r.choice("AAK")
        b.episode(p, second, stop, any_drg(b), kind=kind, where=where, icd=conditions(b), utskrKlarDato=early)


def short_emergency(b: Builder, p: str) -> None:
    """980 DRGs at 299 and 300 minutes, with seconds, without times, and as chained episodes."""
    minutes = b.r.choice([299, 299, 300, 300, 301, 60])
    start = at(b.day(), b.r.choice([8, 20, 22]))
    length = minutes * MINUTE + b.r.choice([0, 0, 59, 1]) * SECOND
    kind = b.r.choice("KKA")
    where = b.somewhere()
    drg = b.r.choice(pools.SHORT)
    b.episode(p, start, start + length, drg, kind=kind, where=where, codes=some_codes(b), icd=conditions(b))
    if b.chance(40):
        later = start + length + b.r.choice([0, -1, 30]) * MINUTE
        stop = later + b.r.choice([0, 1, 60]) * MINUTE
        b.episode(p, later, stop, b.r.choice(pools.SHORT), where=where)


def weekend(b: Builder, p: str) -> None:
    """Chains of overnight stays around weekends: leaves, planned and not, lighter before and after."""
    where = b.somewhere()
    day = b.day(0)
    friday = day + timedelta(days=(4 - day.weekday()) % 7)
    if b.chance(60):
        friday -= timedelta(days=7)
    start = friday - timedelta(days=b.r.choice([1, 2, 3]))
    drgs = b.r.sample([*pools.CROSSED, *pools.INPATIENT], k=2)
    for _ in range(b.r.choice([2, 3, 4])):
        if b.chance(12):
            where = b.somewhere()
        weekend_day = start + timedelta(days=(4 - start.weekday()) % 7)
        end = weekend_day + timedelta(days=b.r.choice([0, 0, 1, 1, -1, 2]))
        if end < start or (end == start and b.chance(80)):
            end = start + timedelta(days=1)
        urgency = b.r.choice(["4", "4", "4", "4", "1", ""])
        hours = b.r.choice([(10, 12), (0, 23), (23, 0)])
        b.episode(
            p,
            at(start, hours[0]),
            at(end, hours[1]) if end > start else at(end, 23, 30),
            b.r.choice([*drgs, drgs[0]]) if b.chance(85) else b.r.choice(pools.STERILISATION),
            kind="A",
            where=where,
            innmateHast=urgency,
            icd=conditions(b) if b.chance(30) else "",
            tariffs=["B53"] if b.chance(5) else [],
        )
        back = end + timedelta(days=(6 - end.weekday()) % 7)
        start = back + timedelta(days=b.r.choice([0, 0, 1, 1, 2]))
        if start == end:
            start += timedelta(days=1)
        if b.chance(15):
            b.episode(p, at(start, 7), at(start, 7, 30), b.r.choice(pools.TIED), where=where, innmateHast="4")


def rehabilitation(b: Builder, p: str) -> None:
    """Many rehabilitation stays of several regions: shares around 45 per cent, with and without 462B."""
    simple = b.r.choice([0, 1, 2, 11])
    complex_ = b.r.choice([9, 10]) if simple == 11 else b.r.choice([1, 2, 3])
    homes = [b.home[p], b.home[p], b.r.choice(pools.MUNICIPALITIES)] if simple < 11 else [b.home[p]]
    day = b.anchors[0]
    drgs = ["462A"] * complex_ + ["462B"] * simple
    b.r.shuffle(drgs)
    for drg in drgs:
        nights = b.r.choice([0, 1, 2, 5, 6, 3])
        end = day + timedelta(days=nights)
        home = b.r.choice(homes)
        b.episode(p, at(day, 8), at(end, 12), drg, kind="A", komNrHjem=home, where=(b.institutions[0], b.trusts[0]))
        day = end + timedelta(days=1)
        if simple == 11 and b.chance(50):
            day = b.anchors[0] - timedelta(days=b.r.randint(0, 60)) * (b.anchors[0].month > 3)


def cocktail(b: Builder, p: str) -> None:
    """One stay with many supplements and deductions at once."""
    drg = b.r.choice([*pools.STERILISATION, *pools.BURNS, *pools.TRIM_5, "342N", "998O", "992O", "462A"])
    if b.chance(35):
        drg = b.r.choice(pools.STERILISATION)
    start = at(b.day(), 8)
    kind = b.r.choice("AAK")
    end = start + b.r.choice([4 * HOUR, DAY, 12 * DAY, 40 * DAY]) if kind == "A" else start + HOUR
    codes = [b.r.choice(pools.SUPPLEMENT_CODES) for _ in range(b.r.choice([1, 2, 4]))]
    trust = b.r.choice(["983974724", b.trusts[0]])
    tariffs = [b.r.choice(pools.TARIFFS)] if b.chance(35) else []
    icd = [
        ("1", "1", b.r.choice(["Z302", "z30.2", "Z3020", *pools.ICD])),
        ("2", "1", b.r.choice(pools.REHAB)),
    ]
    place = b.r.choice(["1", "4", "5", ""])
    if drg in ("998O", "992O"):
        codes.append("WWAA00")
    b.episode(
        p,
        start,
        end,
        drg,
        kind=kind,
        where=(b.institutions[0], trust),
        icd=icd,
        codes=codes,
        tariffs=tariffs,
        stedAktivitet=place,
    )


def ambulatory(b: Builder, p: str) -> None:
    """Contacts at home, alone and together with a department stay, exception DRGs among them."""
    where = b.somewhere()
    day = b.day()
    pool = [*pools.TIED[:3], "992O", "470", "474", "998O"]
    for _ in range(b.r.choice([1, 2])):
        start = at(day, b.r.choice([8, 12]))
        place = b.r.choice(["4", "5", "05", "3", "6"])
        b.episode(p, start, start + HOUR, b.r.choice(pool), where=where, stedAktivitet=place, codes=some_codes(b))
    if b.chance(25):
        b.episode(p, at(day, 13), at(day, 20), b.r.choice(pools.INPATIENT), kind="A", where=where, stedAktivitet="4")


SCENARIOS = [chain, chain, outpatient_day, outpatient_day, long_stay, long_stay, short_emergency, weekend]
SCENARIOS += [weekend, cocktail, cocktail, ambulatory, rehabilitation]
