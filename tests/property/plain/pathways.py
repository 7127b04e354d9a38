"""Section 5: pathways, and the regional deduction that comes after them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from ..reference import Component, Reference
from .model import Pathway, Service, Stay


def counted_stays(stays: list[Stay]) -> list[Stay]:
    """Included stays, PHV/TSB inpatient stays left out."""
    return [s for s in stays if not s.inpatient_phvtsb]


def stay_period(stay: Stay, kind: str) -> str:
    """The stay's period is that of its last end."""
    day = stay.end.day
    return f"{day.year}" if kind == "year" else f"{day.year}-{day.month:02d}"


def period_pathways(stays: list[Stay], services: list[Service], ref: Reference) -> list[Pathway]:
    """`year` / `month`: a patient with at least one member in the period has one pathway. Trust and
    municipality are the first member's: by a stay's first start, a service's first candidate, then id."""
    groups: dict[tuple[str, str, str], list[tuple]] = {}
    for c in ref.components:
        if c.period not in ("year", "month") or ref.tfg[c.tfg] <= 0:
            continue
        if c.member_type == "drg":
            for s in counted_stays(stays):
                if s.drg == c.code:
                    key = (c.tfg, s.patient, stay_period(s, c.period))
                    member = (s.start.as_start, s.id, "opphold", s.main.trust, s.main.municipality)
                    groups.setdefault(key, []).append(member)
        else:
            for v in services:
                if v.stg == c.code and v.status == "counted":
                    member = (v.first.moment, v.id, "sertjeneste", v.first.trust, v.first.municipality)
                    groups.setdefault((c.tfg, v.patient, v.period), []).append(member)
    pathways = []
    for (tfg, patient, period), members in groups.items():
        first = min(members)
        ids = [(kind, unit_id) for _, unit_id, kind, _, _ in members]
        pathways.append(Pathway(f"{tfg}|{patient}|{period}", tfg, patient, first[3], first[4], ids))
    for exclusive in ref.exclusive_tfg:
        pathways = only_the_best(pathways, exclusive, ref)
    return pathways


def only_the_best(pathways: list[Pathway], exclusive: set[str], ref: Reference) -> list[Pathway]:
    """If members of several of the four exist, only one of the four is formed per patient and year, that with
    the highest base points, and members of the others keep their own points."""
    best: dict[str, Pathway] = {}
    for p in pathways:
        if p.tfg in exclusive and (p.patient not in best or ref.tfg[p.tfg] > ref.tfg[best[p.patient].tfg]):
            best[p.patient] = p
    return [p for p in pathways if p.tfg not in exclusive or best[p.patient] is p]


def fits(stay: Stay, trigger: Stay, component: Component) -> bool:
    """The same patient's stay in a member DRG, in the same period year, whose main condition starts with the
    prefix if given and whose start lies between min and max days of the trigger's start date."""
    if stay.drg != component.code or stay.patient != trigger.patient:
        return False
    if stay.end.day.year != trigger.end.day.year:
        return False
    if component.prefix and not (stay.main.main_condition or "").startswith(component.prefix):
        return False
    days = (stay.start.day - trigger.start.day).days
    if component.min_days is not None and days < component.min_days:
        return False
    return component.max_days is None or days <= component.max_days


def trigger_pathways(stays: list[Stay], ref: Reference) -> list[Pathway]:
    """`per_trigger`: each trigger stay starts a pathway. A stay that fits several goes to the nearest trigger
    in days (ties: the earlier)."""
    components = [c for c in ref.components if c.period == "per_trigger" and ref.tfg[c.tfg] > 0]
    counted = counted_stays(stays)
    pathways: dict[str, Pathway] = {}  # by the trigger's id
    triggers: dict[str, list[tuple[Stay, str]]] = {}
    for c in components:
        for s in counted:
            if c.role == "trigger" and s.drg == c.code:
                pathway_id = f"{c.tfg}|{s.patient}|{s.id}"
                members = [("opphold", s.id)]
                main = s.main
                pathways[s.id] = Pathway(pathway_id, c.tfg, s.patient, main.trust, main.municipality, members)
                triggers.setdefault(s.patient, []).append((s, c.tfg))
    for s in counted:
        if s.id in pathways:
            continue
        near = []
        for trigger, tfg in triggers.get(s.patient, []):
            for c in components:
                if c.tfg == tfg and c.role == "member" and fits(s, trigger, c):
                    days = abs((s.start.day - trigger.start.day).days)
                    near.append((days, trigger.start.as_start, trigger.id))
        if near:
            pathways[min(near)[2]].members.append(("opphold", s.id))
    return list(pathways.values())


def half_up(value: Fraction, places: int) -> Decimal:
    """Half away from zero."""
    scaled = abs(value) * 10**places
    whole = scaled.numerator // scaled.denominator
    if (scaled - whole) * 2 >= 1:
        whole += 1
    result = Decimal(whole).scaleb(-places).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return -result if value < 0 else result


def regional_deductions(stays: list[Stay], points: dict[str, Decimal], ref: Reference) -> dict[str, Decimal]:
    """7.2.1: RHF of residence -> deduction (positive). With n_C / (n_C + n_S) > 0.45 the excess
    E = n_C - 0.45 (n_C + n_S) is paid as simple rehabilitation: E x (p_C/n_C - p_S/n_S), not below 0,
    3 decimals half away from zero; with n_S = 0 the national simple mean; with no 462B no deduction."""
    numbers: dict[tuple[str, str], list[Decimal]] = {}
    simple_anywhere: list[Decimal] = []
    for s in stays:
        if s.sector == "SOM" and s.drg in ("462A", "462B"):
            numbers.setdefault((ref.municipality[s.main.municipality], s.drg), []).append(points[s.id])
            if s.drg == "462B":
                simple_anywhere.append(points[s.id])
    deductions = {}
    for rhf in {rhf for rhf, _ in numbers}:
        complex_stays = numbers.get((rhf, "462A"), [])
        simple_stays = numbers.get((rhf, "462B"), [])
        n_c, n_s = len(complex_stays), len(simple_stays)
        if Fraction(n_c, n_c + n_s) <= Fraction(45, 100) or not simple_anywhere:
            continue
        excess = n_c - Fraction(45, 100) * (n_c + n_s)
        basis = simple_stays or simple_anywhere
        simple_mean = Fraction(sum(basis)) / len(basis)
        deduction = half_up(max(excess * (Fraction(sum(complex_stays)) / n_c - simple_mean), Fraction(0)), 3)
        if deduction != 0:
            deductions[rhf] = deduction
    return deductions
