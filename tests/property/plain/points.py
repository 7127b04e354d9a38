"""Section 3: the points of stays, one function per rule."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from ..reference import Drg, Reference
from .model import ZERO, Stay

HAUKELAND = {"983974724"}
REHABILITATION = ("462A", "462B")
SHORT_STAY = {f"980{letter}" for letter in "ACDEFHTUX"}
Rows = dict[str, Decimal]


def drg_of(stay: Stay, ref: Reference) -> Drg:
    return ref.drg[stay.sector, stay.drg]


def burn(stay: Stay, ref: Reference) -> Decimal:
    """7.11: Haukeland weight - base points, DRG in the burn table, the stay's trust Helse Bergen."""
    if stay.sector == "SOM" and stay.drg in ref.burn_weight and stay.main.trust in HAUKELAND:
        return ref.burn_weight[stay.drg] - drg_of(stay, ref).base_points
    return ZERO


def primary_rehabilitation(stay: Stay, ref: Reference) -> Decimal:
    """7.2.1: day points of the tables, days = effective length; day 0 is the base and is not repeated."""
    if stay.sector != "SOM" or stay.drg not in REHABILITATION:
        return ZERO
    points = ZERO
    for day in range(1, stay.effective_length + 1):
        for drg, first, last, per_day in ref.rehab_days:
            if drg == stay.drg and first <= day and (last is None or day <= last):
                points += per_day
    return points


def secondary_rehabilitation(stay: Stay, ref: Reference) -> Decimal:
    """7.2.2: 0.180 x (effective length - trim), somatic overnight stay, trim > 5, effective length > trim,
    Z5080 or Z5089 among the condition rows other than the main condition's row; not 462A/B/C."""
    trim = drg_of(stay, ref).trim_point
    if stay.sector != "SOM" or not stay.overnight or stay.drg in ("462A", "462B", "462C"):
        return ZERO
    if trim <= 5 or stay.effective_length <= trim:
        return ZERO
    if not {"Z5080", "Z5089"} & set(stay.other_conditions):
        return ZERO
    return Decimal("0.180") * (stay.effective_length - trim)


def long_stay(stay: Stay, ref: Reference) -> Decimal:
    """7.1: 0.090 x min(effective length - (trim + 10), 100), somatic, trim > 20, effective length >
    trim + 10; not 462A/462B; not when 7.2.2 pays."""
    trim = drg_of(stay, ref).trim_point
    if stay.sector != "SOM" or stay.drg in REHABILITATION or trim <= 20:
        return ZERO
    if stay.effective_length <= trim + 10 or secondary_rehabilitation(stay, ref) != 0:
        return ZERO
    return Decimal("0.090") * min(stay.effective_length - (trim + 10), 100)


def organ_donation(stay: Stay, ref: Reference) -> Decimal:
    """7.3: 5.940 once per stay, somatic, any organ-donation code."""
    return Decimal("5.940") if stay.sector == "SOM" and stay.procedures & ref.organ_donation else ZERO


def palliative(stay: Stay, ref: Reference) -> Decimal:
    """7.4: 0.660, somatic overnight stay with WRBA20 or WRBA21."""
    codes = {"WRBA20", "WRBA21"}
    return Decimal("0.660") if stay.sector == "SOM" and stay.overnight and stay.procedures & codes else ZERO


def patient_education(stay: Stay, ref: Reference) -> Decimal:
    """7.12: 0.023, somatic, DRG 998O and WWAA00."""
    return Decimal("0.023") if in_drg_with(stay, "SOM", ("998O",), "WWAA00") else ZERO


def patient_education_phvtsb(stay: Stay, ref: Reference) -> Decimal:
    """8.3: 0.100, DRG TD998A or TD998B and WWAA00."""
    return Decimal("0.100") if in_drg_with(stay, "PHVTSB", ("TD998A", "TD998B"), "WWAA00") else ZERO


def day_offer(stay: Stay, ref: Reference) -> Decimal:
    """8.4: 0.105, DRG TD802A or TD802B and WWAA03."""
    return Decimal("0.105") if in_drg_with(stay, "PHVTSB", ("TD802A", "TD802B"), "WWAA03") else ZERO


def in_drg_with(stay: Stay, sector: str, drgs: tuple[str, ...], procedure: str) -> bool:
    return stay.sector == sector and stay.drg in drgs and procedure in stay.procedures


def circumcision(stay: Stay, ref: Reference) -> Decimal:
    """7.15: -0.245, no floor, somatic stay with KGV20."""
    return Decimal("-0.245") if stay.sector == "SOM" and "KGV20" in stay.procedures else ZERO


def ambulatory(stay: Stay, ref: Reference) -> bool:
    """An outpatient stay with a contact at `stedAktivitet` 4 or 5, DRG not on the ambulatory exceptions."""
    away = any(e.is_contact and e.place in (4, 5) for e in stay.episodes)
    return stay.outpatient and away and ("ambulatory", stay.sector, stay.drg) not in ref.exceptions


def ambulatory_somatic(stay: Stay, ref: Reference) -> Decimal:
    """7.17: 0.032, once per stay."""
    return Decimal("0.032") if stay.sector == "SOM" and ambulatory(stay, ref) else ZERO


def ambulatory_phvtsb(stay: Stay, ref: Reference) -> Decimal:
    """8.1: 0.137, the same for PHV/TSB outpatient stays."""
    return Decimal("0.137") if stay.sector == "PHVTSB" and ambulatory(stay, ref) else ZERO


def under_five_hours(stay: Stay, ref: Reference) -> Decimal:
    """7.19: -0.100, DRG 980A, C, D, E, F, H, T, U, X; duration known and < 300 minutes."""
    if stay.sector != "SOM" or stay.drg not in SHORT_STAY or stay.duration is None:
        return ZERO
    return Decimal("-0.100") if stay.duration < timedelta(minutes=300) else ZERO


RULES = {
    "7.11": burn,
    "7.2.1": primary_rehabilitation,
    "7.1": long_stay,
    "7.2.2": secondary_rehabilitation,
    "7.3": organ_donation,
    "7.4": palliative,
    "7.12": patient_education,
    "8.3": patient_education_phvtsb,
    "7.15": circumcision,
    "7.17": ambulatory_somatic,
    "8.1": ambulatory_phvtsb,
    "7.19": under_five_hours,
    "8.4": day_offer,
}


def weekend_leave(stays: list[Stay], ref: Reference) -> dict[str, Decimal]:
    """7.14: stay id -> deduction. Somatic, same patient and institution, two overnight stays with no other
    overnight stay between: the first ends on a Friday or Saturday, the second starts on the Sunday or Monday
    that follows (1-3 days later) and is planned (`innmateHast` 4 on its first episode). The stay with the
    lower base points is deducted its base points (equal: the later). In a chain each pair is judged in order
    of time, but a stay is deducted once: a pair whose lighter stay is already deducted adds nothing."""
    lines: dict[tuple[str, str], list[Stay]] = {}
    for stay in stays:
        if stay.sector == "SOM" and stay.overnight:
            lines.setdefault((stay.patient, stay.institution), []).append(stay)
    deducted: dict[str, Decimal] = {}
    for line in lines.values():
        line.sort(key=lambda s: (s.start.as_start, s.id))
        for earlier, later in pairwise(line):
            days = (later.start.day - earlier.end.day).days
            left = earlier.end.day.isoweekday() in (5, 6)
            back = later.start.day.isoweekday() in (7, 1)
            if not (left and back and 1 <= days <= 3 and later.first.urgency == 4):
                continue
            points = [drg_of(s, ref).base_points for s in (earlier, later)]
            lighter = earlier if points[0] < points[1] else later
            deducted.setdefault(lighter.id, -min(points))
    return deducted


def copayment(stays: list[Stay], ref: Reference) -> set[str]:
    """8.6: ids of the stays with the supplement. PHV/TSB outpatient stay, birth year >= activity year - 26,
    DRG not on the copayment exception list; one per patient and start date over all institutions: the first
    such stay by start, then id; the main episode's `fodselsar`, missing = no supplement."""
    first: dict[tuple, Stay] = {}
    for stay in sorted(stays, key=lambda s: (s.start.as_start, s.id)):
        if stay.sector != "PHVTSB" or not stay.outpatient or stay.non_isf:
            continue
        born = stay.main.birth_year_in(ref.year)
        if born is None or born < ref.year - 26 or ("copayment", "PHVTSB", stay.drg) in ref.exceptions:
            continue
        first.setdefault((stay.patient, stay.start.day), stay)
    return {stay.id for stay in first.values()}


def sterilisation(stay: Stay) -> bool:
    """7.6: DRG 362, 362O, 351, 351O; or 361, 361O with main condition Z302."""
    if stay.drg in ("362", "362O", "351", "351O"):
        return True
    return stay.drg in ("361", "361O") and stay.main.main_condition == "Z302"


def points_of_stays(stays: list[Stay], ref: Reference) -> dict[str, Rows]:
    """Stay id -> rule -> points. `drg_base`, `phv_inpatient` and `7.20` are written even when 0, other rows
    only when not 0. `7.6` and `7.9` come last and bring the stay's sum to exactly 0."""
    leave = weekend_leave(stays, ref)
    with_copayment = copayment(stays, ref)
    result: dict[str, Rows] = {}
    for stay in stays:
        base = drg_of(stay, ref).base_points
        rows: Rows = {"drg_base": base}
        result[stay.id] = rows
        if stay.inpatient_phvtsb:
            rows["phv_inpatient"] = -base
            continue
        if stay.non_isf:
            rows["7.20"] = ZERO
            continue
        for rule, function in RULES.items():
            rows[rule] = function(stay, ref)
        rows["7.14"] = leave.get(stay.id, ZERO)
        rows["8.6"] = Decimal("0.105") if stay.id in with_copayment else ZERO
        rows["7.6"] = -sum(rows.values()) if stay.sector == "SOM" and sterilisation(stay) else ZERO
        rows["7.9"] = -sum(rows.values()) if stay.sector == "SOM" and "B53" in stay.tariffs else ZERO
        for rule in [r for r, points in rows.items() if points == 0 and r != "drg_base"]:
            del rows[rule]
    return result
