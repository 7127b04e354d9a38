"""Section 4: special services."""

from __future__ import annotations

import re
from datetime import date, datetime

from ..reference import Reference
from .model import Candidate, Episode, Prescription, Service

CHILD_BELOW = 18
MISSING_INDICATION = "ZS470"


def age_group(e: Episode, year: int) -> str:
    """child = `sektor` BUP or activity year - birth year < 18, else adult (birth year missing = adult)."""
    if e.sektor == "BUP":
        return "child"
    born = e.birth_year_in(year)
    if born is not None and year - born < CHILD_BELOW:
        return "child"
    return "adult"


def stg_of_procedure(code: str, e: Episode, ref: Reference) -> str | None:
    """By sector and by HDG: the episode's `hdg`, else its DRG's, else only the `*` row;
    most specific row first."""
    group = age_group(e, ref.year)
    general = None
    for row in ref.stg_procedures:
        if row["procedure"] != code or row["sector"] != e.sector or row["age_group"] not in ("*", group):
            continue
        if row["hdg"] == "*":
            general = general or row["stg"]
        elif e.hdg is not None and int(row["hdg"]) == e.hdg:
            return row["stg"]
    return general


def valid_icd10(code: str | None) -> bool:
    """Letter, two digits, up to two more letters or digits, a dot ignored."""
    return code is not None and re.fullmatch(r"[A-Z][0-9]{2}[A-Z0-9]{0,2}", code) is not None


def stg_of_prescription(line: Prescription, ref: Reference) -> str:
    """Both codes that are syntactically valid ICD-10 are looked up; of their matches that with the lowest
    priority number counts (equal: the code of the dispensing)."""
    indications = [code for code in (line.code_dispensed, line.code_prescribed) if valid_icd10(code)]
    matches = [first_match(line.atc, indication, ref) for indication in indications]
    if not matches:
        return MISSING_INDICATION
    return min(matches, key=lambda match: match[0])[1]


def first_match(atc: str | None, indication: str, ref: Reference) -> tuple[int, str]:
    """(priority number, STG): the ATC must start with `atc_prefix` and the ICD-10 with `icd10_prefix`, first
    match by priority; `*` also matches a missing ATC."""
    for row in ref.stg_medicines:
        fits_atc = row["atc_prefix"] == "*" or (atc is not None and atc.startswith(row["atc_prefix"]))
        if fits_atc and (row["icd10_prefix"] == "*" or indication.startswith(row["icd10_prefix"])):
            return int(row["priority"]), row["stg"]
    raise AssertionError("the last row takes everything")


def judge_credits(lines: list[Prescription]) -> None:
    """Give the reason `credited` to every line with a negative amount, and to the line it takes with it: one
    earlier or same-day line of the same patient, ATC and `varenr` (missing equals missing) with the opposite
    amount, if there is one that no credit has taken (the latest; ties: the largest id). Credits are judged in
    order of date, then id."""
    of_item: dict[tuple, list[Prescription]] = {}
    for line in lines:
        of_item.setdefault((line.patient, line.atc, line.item), []).append(line)
    credits = [line for line in lines if line.amount is not None and line.amount < 0]
    for credit in sorted(credits, key=lambda line: (line.day, line.id)):
        credit.reason = "credited"
        earlier = [line for line in of_item[credit.patient, credit.atc, credit.item] if line.day <= credit.day]
        free = [line for line in earlier if line.amount == -credit.amount and line.reason != "credited"]
        if free:
            max(free, key=lambda line: (line.day, line.id)).reason = "credited"


def period_of(stg: str, day: date, ref: Reference) -> str:
    """`stg_periods`: first matching pattern, `?` any one letter."""
    for pattern, period in ref.stg_periods:
        if pattern == "*" or re.fullmatch(pattern.replace("?", "."), stg):
            if period == "year":
                return f"{day.year}"
            if period == "tertial":
                return f"{day.year}-T{(day.month - 1) // 4 + 1}"
            return f"{day.year}-{day.month:02d}"
    raise AssertionError(stg)


def candidates_of_episode(e: Episode, ref: Reference) -> list[Candidate]:
    """Procedures on `included` or `reports_service` episodes, PHV/TSB department stays left out.

    A candidate lies in the period of its episode's `utDatoTid` date; "first" is by `innDatoTid`, then
    `institusjonID`, then `episodeID`.
    """
    if e.reason not in ("included", "reports_service"):
        return []
    if e.sector == "PHVTSB" and not e.is_contact:
        return []
    found = []
    for code in e.procedures:
        stg = stg_of_procedure(code, e, ref)
        if stg is not None:
            order = (e.start.as_start, (False, e.institution), e.id)
            start, day = e.start.as_start, e.end.day
            found.append(Candidate(stg, e.sector, e.patient, order, start, day, e.trust, e.municipality))
    return found


def candidate_of_prescription(line: Prescription, ref: Reference) -> Candidate:
    """`hf` is both institution and trust; "first" is by date, `hf` (missing last), `utleveringID`."""
    stg = stg_of_prescription(line, ref)
    start = datetime(line.day.year, line.day.month, line.day.day)
    return Candidate(
        stg,
        "SOM",
        line.patient,
        (start, (line.trust is None, line.trust or ""), line.id),
        start,
        line.day,
        line.trust or "",
        line.municipality,
        missing_indication=stg == MISSING_INDICATION,
    )


def make_services(episodes: list[Episode], prescriptions: list[Prescription], ref: Reference) -> list[Service]:
    """One counted service per patient, STG and period, over all institutions; the first candidate leads."""
    groups: dict[str, list[Candidate]] = {}
    candidates = [c for e in episodes for c in candidates_of_episode(e, ref)]
    candidates += [candidate_of_prescription(p, ref) for p in prescriptions if p.reason == "included"]
    for c in candidates:
        groups.setdefault(f"{c.stg}|{c.patient}|{period_of(c.stg, c.day, ref)}", []).append(c)
    services = []
    for service_id, group in groups.items():
        first = min(group, key=lambda c: c.order)
        period = service_id.rsplit("|", 1)[1]
        status = "missing_indication" if first.missing_indication else "counted"
        services.append(Service(service_id, first.stg, first.sector, first.patient, period, status, first))
    for exclusive in ref.exclusive_stg:
        keep_the_best(services, exclusive, ref)
    return services


def keep_the_best(services: list[Service], exclusive: set[str], ref: Reference) -> None:
    """Of an exclusive group only the STG with the highest base points counts per patient and year."""
    best: dict[tuple[str, str], Service] = {}
    members = [s for s in services if s.stg in exclusive]
    for s in members:
        key = (s.patient, s.period[:4])
        if key not in best or ref.stg[s.sector, s.stg] > ref.stg[best[key].sector, best[key].stg]:
            best[key] = s
    for s in members:
        if best[s.patient, s.period[:4]].stg != s.stg:
            s.status = "exclusive_group"
