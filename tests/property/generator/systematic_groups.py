"""Limits of services, pathways, the funnel and the supplements per day; each case has its own patient."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import product

from ..hand import Hand
from . import pools
from .systematic_stays import NOON, text


def windows() -> Hand:
    """5: every trigger with every member at every edge of its window, with and without the main
    condition; and two triggers that want the same stay."""
    hand = Hand()
    conditions = ("M170", "M16", "Z470", "J18")
    days = (-31, -1, 0, 1, 4, 30, 31)
    cases = product(pools.TRIGGERS, pools.TRIGGER_MEMBERS, conditions, days)
    for number, (trigger, member, icd, away) in enumerate(cases, 1):
        patient = {"pasientID": f"p{number}"}
        hand.episode(f"a{number}", trigger, text(NOON), text(NOON + timedelta(days=4)), **patient)
        start = NOON + timedelta(days=away, hours=-(number % 5) * 2)
        hand.episode(f"k{number}", member, text(start), text(start), icd=icd, institusjonID="2", **patient)
    for second, away, member in product((0, 1, 20), (-10, -1, 0, 5, 9, 10, 11, 21), ("908B", "908C", "923O")):
        number += 1
        patient = {"pasientID": f"p{number}"}
        hand.episode(f"a{number}y", "209U", text(NOON), text(NOON + timedelta(hours=3)), **patient)
        later = NOON + timedelta(days=second, hours=4 if number % 2 else -4)
        other = {**patient, "institusjonID": "2"}
        hand.episode(f"a{number}x", "209H", text(later), text(later + timedelta(hours=3)), **other)
        start = NOON + timedelta(days=away)
        hand.episode(f"k{number}", member, text(start), text(start), institusjonID="3", **patient)
    return hand


def procedures() -> Hand:
    """4 (a): every code by sector, HDG, age, kind of episode and contact type; included, reporting only, and
    with a main condition outside ISF."""
    hand = Hand()
    codes = [*pools.SERVICE_CODES, *pools.NEAR_CODES]
    kinds = [("SOM", "908B"), ("SOM", ""), ("VOP", "TD32A"), ("BUP", ""), ("TSB", "908B"), ("SOM", "801H")]
    cases = product(codes, kinds, ("", "1", "3", "9", "99"))
    for number, (code, (sektor, drg), hdg) in enumerate(cases, 1):
        over = {
            "sektor": sektor,
            "hdg": hdg,
            "fodselsar": ("2007", "2008", "", "1960")[number % 4],
            "kontaktType": ("5", "12", "2", "")[number // 2 % 4],
            "persons": ("2", "2", "99", "")[number // 3 % 4],
            "icd": ("Z016", "J18")[number // 7 % 2],
        }
        kind = "a" if number % 9 == 0 else "k"
        end = text(NOON + timedelta(days=number % 70))
        hand.episode(f"{kind}{number}", drg, text(NOON), end, codes=code, pasientID=f"p{number}", **over)
    return hand


def firsts() -> Hand:
    """4: two candidates of one service that tie on all but one of start, institution and id."""
    hand = Hand()
    homes = (("0301", "983974724"), ("5001", "993467049"))
    orders = list(product((0, 1), repeat=4))
    for number, (early, institution, end, turned) in enumerate(orders * 2):
        for i, (home, trust) in enumerate(homes):
            start = NOON + timedelta(hours=i if early else 0)
            stop = start + timedelta(hours=5 - 2 * i if end else 3)
            over = {"institusjonID": ("9", "10")[i] if institution else "1", "komNrHjem": home, "hf": trust}
            codes = "RXGD55" if number < len(orders) else "WMGA28 JAGD55"
            contact = {"kontaktType": "12", "pasientID": f"p{number}"}
            name = f"k{('b', 'Z')[i ^ turned]}{number}"
            hand.episode(name, "317O", text(start), text(stop), codes=codes, **over, **contact)
            day = (NOON.date() + timedelta(days=i if early else 0)).isoformat()
            line = {
                "komNrHjem": home,
                "hf": ("9", "10")[i] if institution else ("", trust)[i if end else 1 - i],
            }
            hand.prescription(f"h{('b', 'Z')[i ^ turned]}{number}", day, "L04AA", "G35", **line, pasientID=f"p{number}")
    for number, hours in enumerate(((10, 14), (14, 10), (10, 10))):
        for (home, trust), code, hour in zip(homes, ("JAGD55", "RXGD55"), hours, strict=True):
            start = text(NOON.replace(hour=hour))
            over = {"komNrHjem": home, "hf": trust, "kontaktType": "12", "pasientID": f"q{number}"}
            hand.episode(f"kq{number}{code}", "", start, start, codes=code, **over)
    return hand


def medicines() -> Hand:
    """4 (b): every row of the medicine table with its prefixes cut, lengthened, swapped and left out."""
    hand = Hand()
    number = 0
    for row in pools.REF.stg_medicines:
        atc, icd = (row[c].replace("*", "") for c in ("atc_prefix", "icd10_prefix"))
        full = (icd or "Z99") + "00"[: max(0, 3 - len(icd or "Z99"))]
        atcs = (atc, atc + "01", atc[:-1], atc.lower(), "")
        icds = (
            full,
            full + "1",
            full + "12",
            full + "123",
            full[:2],
            full[:3] + "." + full[3:] + "9",
            "",
            "-90",
        )
        for code, indication, swapped in product(atcs, icds, (False, True)):
            number += 1
            pair = {"refusjonsKodeResept": ("C50", "K50", "")[number % 3]}
            if swapped:
                pair = {
                    "refusjonsKodeResept": indication,
                    "refusjonsKodeUtlevering": ("", "C50", "123")[number % 3],
                }
            lines = {"refusjonsKodeUtlevering": indication, **pair}
            hand.prescription(f"h{number}", "2025-02-01", code, "", pasientID=f"p{number}", **lines)
    return hand


def main_conditions() -> Hand:
    """7.20: every code on the list and near it, alone and as the lower and higher of two main conditions."""
    hand = Hand()
    number = 0
    for code, drg, second in product([*pools.NON_ISF, *pools.NEAR_NON_ISF], ("342N", "TD32A"), ("", "A01", "Z999")):
        for kind, over in product("ak", ({}, {"npkOppholdDRG": "14A"}, {"hdg": "8", "stedAktivitet": "4"})):
            number += 1
            icd, patient = f"{code} {second}", f"p{number}"
            hand.episode(f"{kind}{number}", drg, text(NOON), text(NOON), icd=icd, pasientID=patient, **over)
    return hand


def funnel() -> Hand:
    """1: every two faults on one episode: the first in order gives the reason."""
    hand = Hand()
    for unit, isf in (("U2", "2"), ("U3", ""), ("U4", "01")):
        hand.row("enhet", enhetID=unit, hf="1", isfRefusjon=isf)
    faults = [{"utDatoTid": value} for value in ("", "2024-12-31T23:59", "2026-01-01", "2025-12-31", "2025-01-01")]
    faults += [{"komNrHjem": v} for v in ("9000", "9900", "9999", "", "2100", "0", "301", "4601")]
    faults += [{"avdeling": value} for value in ("U2", "U3", "U4", "u1", "absent")]
    faults += [{"debitor": value} for value in [str(code) for code in pools.REF.debitor] + ["", "2", "001"]]
    faults += [{"inntilstand": v} for v in ("2", "1", "")] + [{"omsorgsniva": v} for v in ("8", "3", "")]
    faults += [{"kontaktType": "5", "codes": "WMGA28"}, {"kontaktType": "12", "codes": "JAGD55"}]
    faults += [{"persons": v} for v in ("", "9", "99 9", "9 1", "55", "31")] + [{"drg": v} for v in ("", "X", "TD32A")]
    faults += [{"sektor": "VOP"}]
    cases = product(faults, faults)
    for number, (one, two) in enumerate(cases, 1):
        values = {"drg": "908B", **one, **two, "pasientID": f"p{number}"}
        end = values.pop("utDatoTid", "2025-02-01T12:00")
        kind = "a" if number % 10 == 0 else "k"
        hand.episode(f"{kind}{number}", values.pop("drg"), "2024-12-01", end, **values)
    return hand


def copayments() -> Hand:
    """8.6: birth years, exceptions, two institutions the same day, and a department stay the same day."""
    hand = Hand()
    drgs = ("TD32A", "TD99L", "TD998A", "TD802B", "ZD470")
    cases = product(drgs, ("1998", "1999", "2020", ""), ("1998", "1999"), range(5))
    for number, (drg, born, other, second) in enumerate(cases, 1):
        p = {"pasientID": f"p{number}"}
        start = NOON + timedelta(hours=1)
        hand.episode(f"k{number}y", drg, text(start), text(start), fodselsar=born, **p)
        when = [start, NOON, start + timedelta(hours=1), start, NOON][second]
        what = ("TD40A", "TD427A")[second == 4]
        kind = "a" if second == 4 else "k"
        where = {"institusjonID": "2"} if second != 3 else {"kontaktType": "5"}
        stop = when + timedelta(days=second % 2)
        hand.episode(f"{kind}{number}x", what, text(when), text(stop), fodselsar=other, **p, **where)
    return hand


def years() -> Hand:
    """4 and 5: services, stays and pathways on both sides of every month, tertial and year."""
    hand = Hand()
    edges = [date(2025, month, 1) for month in range(1, 13)] + [date(2026, 1, 1)]
    cases = product(edges, (("317", "JAGD55"), ("801H", "WMGA28"), ("908B", "WWAA01")), range(3))
    for number, (edge, (drg, code), days) in enumerate(cases, 1):
        start = datetime(edge.year, edge.month, 1, 22) - timedelta(days=1)
        end = start + timedelta(days=days)
        p = {"pasientID": f"p{number // 9}"}
        hand.episode(f"k{number}", drg, text(start), text(end), codes=code, kontaktType="12", **p)
        hand.episode(f"a{number}", drg, text(start + timedelta(hours=9 * days)), text(end + timedelta(days=days)), **p)
        hand.prescription(f"h{number}", (edge - timedelta(days=days)).isoformat(), "L04AA", "K50", **p)
    return hand
