"""The slow calculator: rows as delivered in, ledger and settlement out."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from .plain.episodes import judge_episodes, judge_prescriptions
from .plain.landing import Landed, land
from .plain.model import ZERO, Delivery, Pathway, Service, Stay
from .plain.pathways import period_pathways, regional_deductions, trigger_pathways
from .plain.points import points_of_stays
from .plain.services import make_services
from .plain.settlement import Unit, guest_patients, settlement_hf, settlement_rhf
from .plain.stays import make_stays
from .reference import Reference, load

Key = tuple[str, str, str]


@dataclass
class Result:
    """Everything the engine's tables are compared with."""

    landed: Landed
    stays: list[Stay]
    services: list[Service]
    pathways: list[Pathway]
    ledger: dict[Key, Decimal]
    units: dict[Unit, Decimal] = field(default_factory=dict)
    oppgjor_rhf: dict = field(default_factory=dict)
    oppgjor_hf: dict = field(default_factory=dict)
    gjestepasienter: dict = field(default_factory=dict)

    @property
    def unit_sums(self) -> dict[tuple[str, str], Decimal]:
        sums: dict[tuple[str, str], Decimal] = {}
        for (kind, unit_id, _), points in self.ledger.items():
            sums[kind, unit_id] = sums.get((kind, unit_id), ZERO) + points
        return sums


def calculate(delivery: Delivery, drg_source: str = "main_episode") -> Result:
    """Settle a delivery. Order: stays and their points, services, pathways, the regional deduction."""
    ref = load(delivery.year)
    period = ref.periods[delivery.tertial]
    landed = land(delivery)
    judge_episodes(landed, period, ref)
    judge_prescriptions(landed, period, ref)
    stays = make_stays(landed.episodes, ref, drg_source)
    services = make_services(landed.episodes, landed.prescriptions, ref)
    ledger: dict[Key, Decimal] = {}
    for stay_id, rows in points_of_stays(stays, ref).items():
        for rule, points in rows.items():
            ledger["opphold", stay_id, rule] = points
    for s in services:
        ledger["sertjeneste", s.id, "stg_base"] = ref.stg[s.sector, s.stg] if s.status == "counted" else ZERO
    pathways = period_pathways(stays, services, ref) + trigger_pathways(stays, ref)
    result = Result(landed, stays, services, pathways, ledger)
    take_members_points(result, ref)
    sums = result.unit_sums
    stay_points = {s.id: sums["opphold", s.id] for s in stays}
    deductions = regional_deductions(stays, stay_points, ref)
    for rhf, deduction in deductions.items():
        ledger["region", rhf, "7.2.1"] = -deduction
    result.units = units_of(result, ref)
    result.oppgjor_rhf = settlement_rhf(result.units, landed.advances, period, ref)
    result.oppgjor_hf = settlement_hf(result.units, ref)
    result.gjestepasienter = guest_patients(result.units, ref)
    return result


def take_members_points(result: Result, ref: Reference) -> None:
    """`tfg_base` on the pathway; every member gets `tfg_member` = -(sum of its own rows), so it ends at 0."""
    sums = result.unit_sums
    for p in result.pathways:
        result.ledger["forlop", p.id, "tfg_base"] = ref.tfg[p.tfg]
        for kind, unit_id in p.members:
            if sums[kind, unit_id] != 0:
                result.ledger[kind, unit_id, "tfg_member"] = -sums[kind, unit_id]


def units_of(result: Result, ref: Reference) -> dict[Unit, Decimal]:
    """Every unit of the ledger with its place in the settlement and its summed points."""
    sums = result.unit_sums
    units = {}
    for s in result.stays:
        rhf = ref.municipality[s.main.municipality]
        counts = not s.inpatient_phvtsb
        unit = Unit("opphold", s.id, s.sector, s.main.trust, rhf, s.drg, s.patient, counts)
        units[unit] = sums["opphold", s.id]
    for v in result.services:
        rhf = ref.municipality[v.first.municipality]
        counts = v.status == "counted"
        unit = Unit("sertjeneste", v.id, v.sector, v.first.trust, rhf, v.stg, v.patient, counts)
        units[unit] = sums["sertjeneste", v.id]
    for p in result.pathways:
        unit = Unit("forlop", p.id, "SOM", p.trust, ref.municipality[p.municipality], p.tfg, p.patient, True)
        units[unit] = sums["forlop", p.id]
    for kind, rhf, rule in result.ledger:
        if kind == "region":
            units[Unit("region", rhf, "SOM", "", rhf, rule, "", False)] = sums["region", rhf]
    return units
