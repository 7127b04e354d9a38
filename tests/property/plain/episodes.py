"""Section 1: which episodes are in the basis, and main conditions outside ISF."""

from __future__ import annotations

from ..reference import Reference
from .landing import Landed
from .model import Episode, Prescription
from .services import judge_credits, stg_of_procedure

NOT_RESIDENT = (9000, 9900)
UNKNOWN_MUNICIPALITY = (9999,)
SERVICE_CONTACT_TYPES = (5, 12)


def place_of_residence_reason(municipality: int | None, ref: Reference) -> str | None:
    """`not_resident`: 9000 or 9900. `unknown_municipality`: 9999, missing, or not in the year's table."""
    if municipality in NOT_RESIDENT:
        return "not_resident"
    if municipality is None or municipality in UNKNOWN_MUNICIPALITY or municipality not in ref.municipality:
        return "unknown_municipality"
    return None


def reports_service(e: Episode, ref: Reference) -> bool:
    """A contact (type K) with `kontaktType` 5 or 12 and a procedure code that yields a special service."""
    if not e.is_contact or e.contact_type not in SERVICE_CONTACT_TYPES:
        return False
    return any(stg_of_procedure(code, e, ref) is not None for code in e.procedures)


def reason_of(e: Episode, landed: Landed, period: tuple, ref: Reference) -> str:
    """Exactly one reason: the first that applies, in the order of the table in section 1."""
    if e.end is None or not period[0] <= e.end.day <= period[1]:
        return "not_finished_in_period"
    residence = place_of_residence_reason(e.municipality, ref)
    if residence:
        return residence
    if landed.units.get(e.unit) != 1:
        return "unit_not_isf"
    if e.debitor is None or not ref.debitor.get(e.debitor, False):
        return "debitor_not_isf"
    if e.state_in == 2:
        return "dead_on_arrival"
    if e.care_level == 8:
        return "radiotherapy_inpatient"
    if reports_service(e, ref):
        return "reports_service"
    if e.is_contact and not any(ref.personnel.get(person, False) for person in e.personnel):
        return "no_eligible_personnel"
    if e.reported_drg is None or (e.sector, e.reported_drg) not in ref.drg:
        return "ungrouped"
    return "included"


def set_drg(e: Episode, ref: Reference) -> None:
    """Main conditions outside ISF: DRG 474, TD99L for Z5030, otherwise ZD470; HDG is then that DRG's.

    The replacement happens before aggregation and only to included episodes.
    """
    e.drg, e.hdg = e.reported_drg, e.reported_hdg
    if e.reason == "included" and e.main_condition in ref.non_isf:
        if e.sector == "SOM":
            e.drg = "474"
        else:
            e.drg = "TD99L" if e.main_condition == "Z5030" else "ZD470"
        e.hdg = None
    row = ref.drg.get((e.sector, e.drg))
    if row is not None:
        e.weight = row.cost_weight
        if e.hdg is None:
            e.hdg = row.hdg


def judge_episodes(landed: Landed, period: tuple, ref: Reference) -> None:
    """Give every episode its HDG, its reason and the DRG that counts."""
    for e in landed.episodes:
        set_drg(e, ref)  # the HDG as reported, needed to see whether a code yields a service
        e.reason = reason_of(e, landed, period, ref)
        set_drg(e, ref)


def judge_prescriptions(landed: Landed, period: tuple, ref: Reference) -> None:
    """Credits are judged before residence and period; lines must be dated in the period; non-residents and
    unknown municipalities are excluded as in 1."""
    judge_credits(landed.prescriptions)
    for line in landed.prescriptions:
        line.reason = line.reason or prescription_reason(line, period, ref)


def prescription_reason(line: Prescription, period: tuple, ref: Reference) -> str:
    if not period[0] <= line.day <= period[1]:
        return "not_finished_in_period"
    return place_of_residence_reason(line.municipality, ref) or "included"
