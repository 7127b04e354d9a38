"""Scenarios of services and pathways, and of the funnel."""

from __future__ import annotations

from datetime import timedelta

from . import pools
from .build import DAY, HOUR, Builder, at
from .somatic import any_drg, conditions, some_codes


def near(b: Builder, spread: int):
    return b.r.choice(b.anchors) + timedelta(days=b.r.randint(-1, spread))


def service_contacts(b: Builder, p: str) -> None:
    """Contacts of type 5 and 12 with service codes and near-misses, with and without persons and DRG."""
    for _ in range(b.r.choice([1, 2, 3])):
        sektor = b.r.choice(["SOM", "SOM", "VOP", "BUP"])
        code = b.r.choice(pools.SERVICE_CODES if b.chance(80) else pools.NEAR_CODES)
        start = at(near(b, 3), b.r.choice([8, 23]))
        end = start + b.r.choice([0, 1, 1, 48]) * HOUR
        drg = b.r.choice(["", pools.TIED[0], "801H", "xyz"] if sektor == "SOM" else ["", "TD32A", "TD97"])
        persons = [b.r.choice([*pools.ELIGIBLE, *pools.INELIGIBLE])] if b.chance(60) else []
        b.episode(
            p,
            start,
            end,
            drg,
            sektor=sektor,
            kind="A" if b.chance(12) else "K",
            icd=b.r.choice(pools.NON_ISF) if b.chance(20) else "",
            codes=[code.lower() if b.chance(20) else code, *some_codes(b)],
            persons=persons,
            kontaktType=b.r.choice(["5", "12", "12", "2", "012", ""]),
            hdg=b.r.choice(["", "", "1", "3", "5", "8", "99"]),
            fodselsar=b.r.choice(["2007", "2008", b.r.choice(pools.BIRTH_YEARS), b.born[p]]),
        )


def prescriptions(b: Builder, p: str) -> None:
    """H-resept lines: every prefix, missing and invalid indications and ATC, exclusive groups."""
    for _ in range(b.r.choice([1, 2, 3, 4])):
        row = b.r.choice(pools.REF.stg_medicines[:35] if b.chance(40) else pools.REF.stg_medicines)
        atc = row["atc_prefix"] + b.r.choice(["", "01", "AX"]) if row["atc_prefix"] != "*" else "A10"
        icd = row["icd10_prefix"] if row["icd10_prefix"] != "*" else "Z99"
        while len(icd) < 3:
            icd += b.r.choice("0159")
        icd += b.r.choice(["", "", ".1", "A", ".A1", "12", "123"]) if len(icd) == 3 else ""
        if b.chance(12):
            atc = b.r.choice(["", "L", "L0", "l04a", *pools.ATC])
        if b.chance(12):
            icd = b.r.choice([*pools.BAD_INDICATIONS, *pools.INDICATIONS])
        other = b.r.choice([*pools.BAD_INDICATIONS, *pools.INDICATIONS, icd, icd])
        dispensed, prescribed = b.r.choice([(icd, other), (icd, ""), ("", icd), (other, icd)])
        if b.chance(10):
            dispensed, prescribed = b.r.sample(pools.BAD_INDICATIONS, k=2)
        home = b.home[p] if b.chance(88) else b.r.choice(pools.NOT_RESIDENT + pools.UNKNOWN + pools.MUNICIPALITIES)
        b.add(
            "hresept",
            utleveringID=b.new_id(),
            pasientID=p,
            utleveringsdato=near(b, 2).isoformat(),
            atc=atc,
            refusjonsKodeResept=prescribed,
            refusjonsKodeUtlevering=dispensed.lower() if b.chance(15) else dispensed,
            hf=b.r.choice([*b.trusts, ""]),
            komNrHjem=home,
            fodselsar=b.born[p],
            belop=b.r.choice(["", "100", "1234,56", "99.5", "x"]),
        )


def credits(b: Builder, p: str) -> None:
    """Lines and credits of the same few items and amounts on a few days, so that they compete; some of what a
    credit takes is of another home, outside the period or quarantined."""
    day = near(b, 0) if b.chance(80) else pools.ANCHORS[1][0]
    atc = b.r.choice(["R03DX05", "L04AB04"])
    other = b.r.choice(b.patients)
    for _ in range(b.r.choice([2, 3, 5, 7])):
        home = b.home[p] if b.chance(85) else b.r.choice(pools.NOT_RESIDENT + pools.UNKNOWN)
        item = b.r.choice(["", "", "123", " 123", "0123"])
        b.add(
            "hresept",
            utleveringID=b.new_id(),
            pasientID=p if b.chance(90) else other,
            utleveringsdato=(day + DAY * b.r.choice([-1, 0, 0, 1])).isoformat(),
            atc=b.r.choice([atc, atc, atc.lower(), "R03DX05", ""]),
            varenr=item if b.chance(50) else "",
            refusjonsKodeUtlevering=b.r.choice(["J45", "K50", "L88", ""]),
            refusjonsKodeResept=b.r.choice(["L40", "J45", "L88", ""]),
            hf=b.r.choice([*b.trusts, ""]),
            komNrHjem=home,
            belop=b.r.choice(["-100", "-100,00", "-100.000000", "-100.01", "100", "100,0", "100", "-0", "", "x"]),
        )


def biologics(b: Builder, p: str) -> None:
    """Infusions and services of the four exclusive groups together."""
    for drg in b.r.sample(pools.YEAR_MEMBERS, k=b.r.choice([1, 2, 3])):
        for _ in range(b.r.choice([1, 2])):
            start = at(near(b, 2), 8)
            end = start + b.r.choice([HOUR, HOUR, 30 * HOUR])
            tariffs = ["B53"] if b.chance(10) else []
            icd = conditions(b)
            b.episode(p, start, end, drg, kind=b.r.choice("KKKA"), icd=icd, codes=some_codes(b), tariffs=tariffs)
    for atc, icd in b.r.sample(
        [("L04AA", "G35"), ("L04AB", "K50"), ("L04AC", "M05"), ("L04AC", "L40"), ("J05AR", "B20")], k=2
    ):
        day = near(b, 2).isoformat()
        b.add(
            "hresept",
            utleveringID=b.new_id(),
            pasientID=p,
            utleveringsdato=day,
            atc=atc,
            refusjonsKodeUtlevering=icd,
            hf=b.r.choice([*b.trusts, ""]),
            komNrHjem=b.home[p],
        )


def dialysis(b: Builder, p: str) -> None:
    """Dialysis as stay and as service, last ends in other months than starts."""
    for _ in range(b.r.choice([1, 2, 3])):
        start = at(near(b, 3), b.r.choice([8, 23]))
        end = start + b.r.choice([2 * HOUR, 2 * HOUR, 26 * HOUR])
        drg = b.r.choice(pools.DIALYSIS)
        codes = b.r.choice([[], ["JAGD55"], ["RXGD55"], ["JAGD55", "RXGD55"]])
        kind = b.r.choice("KKA")
        contact_type = b.r.choice(["2", "12", "5"]) if kind == "K" else ""
        b.episode(p, start, end, drg, kind=kind, codes=codes, kontaktType=contact_type)


def joint_replacement(b: Builder, p: str) -> None:
    """Triggers that compete for the same stays, windows at 0, 30 and 31 days and before the operation."""
    base = near(b, 1) - DAY * b.r.choice([0, 0, 40])
    starts = []
    for _ in range(b.r.choice([1, 2, 2, 3])):
        start = at(base + DAY * b.r.choice([0, 0, 10, 20, 30, 60]), b.r.choice([8, 8, 9]))
        drg = b.r.choice([*pools.TRIGGERS, *pools.TRIGGERS, b.r.choice(pools.NEAR_TRIGGERS)])
        codes = ["KGV20"] if b.chance(10) else []
        b.episode(p, start, start + b.r.choice([0, 1, 3]) * DAY + HOUR, drg, kind="A", icd="M170", codes=codes)
        starts.append(start.date())
    for _ in range(b.r.choice([1, 2, 3, 4])):
        days = b.r.choice([-1, 0, 0, 1, 5, 10, 15, 25, 29, 30, 31, -5, -10, -15])
        start = at(b.r.choice(starts) + DAY * days, b.r.choice([0, 8, 10, 23]))
        drg = b.r.choice(pools.TRIGGER_MEMBERS)
        usual = {
            "996O": ["Z470", "z47.8", "Z4"],
            "998O": ["M17.1", "M16", "M1"],
            "981X": ["M17", "m161", "M18"],
        }
        icd = b.r.choice(usual.get(drg, pools.ICD)) if b.chance(85) else conditions(b)
        kind = "A" if b.chance(15) else "K"
        b.episode(p, start, start + HOUR, drg, kind=kind, icd=icd, persons=["1"], codes=some_codes(b))


def funnel(b: Builder, p: str) -> None:
    """Episodes that fail a condition of the basis, or several at once."""
    for _ in range(b.r.choice([1, 2])):
        start = at(b.day(), 8)
        kind = b.r.choice("KKA")
        row = b.episode(p, start, start + HOUR, any_drg(b), kind=kind, codes=some_codes(b))
        for _ in range(b.r.choice([1, 1, 2])):
            spoil(b, row)


def spoil(b: Builder, row: dict[str, str]) -> None:
    """Change one value so that (usually) a condition of the basis fails."""
    column, values = b.r.choice(
        [
            ("utDatoTid", ["", "", "2026-01-01T08:00", "2025-13-01", "ukjent"]),
            ("komNrHjem", [*pools.NOT_RESIDENT, *pools.UNKNOWN]),
            ("avdeling", ["U2", "U3", "U4", "dup", "absent"]),
            ("debitor", pools.DEBITORS_NOT),
            ("inntilstand", ["2", "02"]),
            ("omsorgsniva", ["8"]),
            ("drg", ["", "9999", "TD32A", "801H", "474", "470", "ZD470"]),
            ("sektor", ["SOM", "VOP", "BUP"]),
            ("fodselsar", ["x", "1999.5", *pools.BIRTH_YEARS]),
            (
                "utskrKlarDato",
                ["2025-01-05", "", "ukjent", "2025-02-30", "2025-01-05T10:00", "2025-01-05 00:00:00.000"],
            ),
            ("hf", ["999999999", "983974724", "991324968"]),
            ("hdg", ["", "14", "6", "99", "6.0", "4294967302"]),
            ("polUtforende", pools.INELIGIBLE),
        ]
    )
    if column == "polUtforende":
        for person in b.tables["helseperson"]:
            if person["episodeID"] == row["episodeID"] and b.chance(80):
                person["polUtforende"] = b.r.choice(values)
    else:
        row[column] = b.r.choice(values)


SCENARIOS = [service_contacts, service_contacts, prescriptions, prescriptions, credits, credits, biologics, dialysis]
SCENARIOS += [joint_replacement, joint_replacement, joint_replacement, funnel, funnel]
