"""Limits of H-resept lines and of who gets the money: credits, refund codes, birth years, names."""

from __future__ import annotations

from itertools import product

from ..hand import Hand
from . import pools
from .systematic_stays import NOON, text

#: a code that has a row of its own early and late in the table, one that only the last row takes, and no code
CODES = ("K50", "L40", "G35", "L88", "J45.0", "C50", "C34", "D45", "", "-90", "L4", "l40")


def credits() -> Hand:
    """Up to two credits and two lines in every order of date and id, with equal and other amounts; and a pair that
    differs in one thing."""
    hand = Hand()
    number = 0
    for days in product((1, 2, 3), repeat=4):
        for names in ("abcd", "dcba", "bdac"):
            number += 1
            for name, day, amount in zip(names, days, ("100", "100,00", "-100", "-100.0"), strict=True):
                line = {"belop": amount, "pasientID": f"p{number}"}
                hand.prescription(f"h{number}{name}", f"2025-02-0{day}", "R03DX05", "J45", **line)
    pairs = [{"atc": ""}, {"varenr": "1"}, {"varenr": "01"}, {"pasientID": "q"}, {"atc": "r03dx05"}, {"hf": ""}]
    pairs += [{"refusjonsKodeUtlevering": "L40"}, {"komNrHjem": "9000"}, {"komNrHjem": ""}, {"fodselsar": "1970"}]
    pairs += [
        {"utleveringsdato": day} for day in ("2024-12-31", "2025-02-01 00:00:00", "2025-02-02", "2026-01-01", "x")
    ]
    pairs += [{"belop": b} for b in ("100.000000", "100.000001", "99.99", "-100", "", "x", "1e2", "0")]
    for one, other in product([{}, *pairs], repeat=2):
        number += 1
        for name, amount, over in (("x", "100", one), ("y", "-100", other)):
            hand.prescription(f"h{number}{name}", "2025-02-01", "R03DX05", "J45", pasientID=f"p{number}")
            hand.tables["hresept"][-1].update({"belop": amount, **over})
    return hand


def indications() -> Hand:
    """Every two refund codes with medicines that one, both or none of them fits."""
    hand = Hand()
    cases = product(("L04AB04", "L01FF02", "L02BG04", "R03DX05", "", "l04"), CODES, CODES)
    for number, (atc, dispensed, prescribed) in enumerate(cases, 1):
        codes = {"refusjonsKodeResept": prescribed, "pasientID": f"p{number}"}
        hand.prescription(f"h{number}", "2025-02-01", atc, dispensed, **codes)
    return hand


def births() -> Hand:
    """Birth years around the activity year, 18 and 26 years and 130 years before: services and supplements."""
    hand = Hand()
    years = [*pools.BIRTH_YEARS, "2007", "2008", "2024", "1896", "x", "2025,00", str(2**63 - 1)]
    for number, (born, sektor, code) in enumerate(product(years, ("VOP", "BUP", "SOM"), ("WPBA11", "", "WPBA16")), 1):
        over = {"sektor": sektor, "fodselsar": born, "pasientID": f"p{number}"}
        drg = "908B" if sektor == "SOM" else "TD32A"
        hand.episode(f"k{number}", drg, text(NOON), text(NOON), codes=code, **over)
    return hand


def inpatient_services() -> Hand:
    """A service code on a department stay, on a contact it takes and on one it does not take."""
    hand = Hand()
    cases = product(("TD427A", "89"), product(("", "WPBA11"), repeat=3), ("2", "5", "12"))
    for number, (drg, codes, contact_type) in enumerate(cases, 1):
        patient = {"pasientID": f"p{number}"}
        sektor = {"sektor": "SOM" if drg == "89" else "TSB"}
        hand.episode(f"a{number}", drg, "2025-03-03", "2025-03-05", codes=codes[0], **patient, **sektor)
        contact = "908B" if drg == "89" else "TD32A"
        for day, code, name in (("04", codes[1], "x"), ("07", codes[2], "y")):
            times = (f"2025-03-{day}T10:00", f"2025-03-{day}T11:00")
            over = {"kontaktType": contact_type, **patient, **sektor, "hf": "999999999", "komNrHjem": "5001"}
            hand.episode(f"k{number}{name}", contact, *times, codes=code, **over)
    return hand


def names() -> Hand:
    """Trusts, regions and numbers that nobody has, as treating units, as prescribers and as payers."""
    hand = Hand()
    numbers = [*pools.TRUSTS, *pools.REF.rhf_names, "1", "ukjent", "0983974724"]
    for number, (hf, drg) in enumerate(product(numbers, ("908B", "TD32A")), 1):
        hand.episode(f"k{number}", drg, text(NOON), text(NOON), hf=hf, pasientID=f"p{number}")
    for number, hf in enumerate([*numbers, ""], 1):
        hand.prescription(f"h{number}", "2025-02-01", "R03DX05", "J45", hf=hf, pasientID=f"q{number}")
        if hf:
            hand.row("akonto", rhf=hf, sektor=("SOM", "PHVTSB")[number % 2], maned="2025-02", belop=f"{number}.005")
    return hand
