"""Section 6: the settlement tables, as sums over the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from ..reference import Reference
from .model import ZERO
from .pathways import half_up


@dataclass(frozen=True)
class Unit:
    """A unit of the ledger: stay, service, pathway or region."""

    kind: str
    id: str
    sector: str
    trust: str
    rhf: str
    group: str
    patient: str
    counts: bool


def refund(points: Decimal, sector: str, ref: Reference) -> Fraction:
    """Somatic `points x unit_price x isf_share`, PHV/TSB `points x unit_price`."""
    price, share = ref.price[sector]
    return Fraction(points) * Fraction(price) * (Fraction(share) if sector == "SOM" else 1)


def place_of(number: str, ref: Reference) -> tuple[str, str]:
    """(name, RHF it belongs to). A unit with an RHF's own number has that RHF's name and itself as RHF; one
    that is neither in the trust table nor an RHF is `ukjent` and the number behind it."""
    if number in ref.rhf_names:
        return ref.rhf_names[number], number
    return ref.trusts.get(number, (f"ukjent {number or '(uten nummer)'}", ""))


COUNT_COLUMN = {
    "opphold": ("antall_opphold", "poeng_opphold"),
    "sertjeneste": ("antall_sertjenester", "poeng_sertjenester"),
    "forlop": ("antall_forlop", "poeng_forlop"),
    "region": (None, "trekk_kompleks_rehab"),
}


def empty_row() -> dict:
    row: dict = {}
    for count, points in COUNT_COLUMN.values():
        if count:
            row[count] = 0
        row[points] = ZERO
    row["isf_poeng"] = ZERO
    return row


def add(row: dict, unit: Unit, points: Decimal) -> None:
    count, column = COUNT_COLUMN[unit.kind]
    if count and unit.counts:
        row[count] += 1
    row[column] += points
    row["isf_poeng"] += points


def settlement_rhf(units: dict[Unit, Decimal], advances: list, period: tuple[date, date], ref: Reference) -> dict:
    """(RHF of residence, sector) -> row. A row per RHF of the trust table, and per RHF or
    number that has a counted unit or an advance. Advances of months outside the period are left out."""
    table: dict[tuple[str, str], dict] = {(rhf, sector): empty_row() for rhf in ref.rhf_names for sector in ref.price}
    paid: dict[tuple[str, str], Decimal] = {}
    for unit, points in units.items():
        add(table.setdefault((unit.rhf, unit.sector), empty_row()), unit, points)
    for rhf, sector, month, amount in advances:
        if period[0] <= month <= period[1]:
            paid[rhf, sector] = paid.get((rhf, sector), Decimal(0)) + amount
            table.setdefault((rhf, sector), empty_row())
    for (rhf, sector), row in table.items():
        exact = refund(row["isf_poeng"], sector, ref)
        advance = paid.get((rhf, sector), Decimal(0))
        row["refusjon_kr"] = half_up(exact, 2)
        row["akonto_kr"] = half_up(Fraction(advance), 2)
        row["saldo_kr"] = half_up(exact - Fraction(advance), 2)
        row["enhetspris"], row["isf_andel"] = ref.price[sector]
        row["rhf"], _ = place_of(rhf, ref)
    return table


def settlement_hf(units: dict[Unit, Decimal], ref: Reference) -> dict:
    """(treating trust, sector) -> row, without the regional deduction and advances."""
    table: dict[tuple[str, str], dict] = {}
    for unit, points in units.items():
        if unit.kind != "region":
            add(table.setdefault((unit.trust, unit.sector), empty_row()), unit, points)
    for (trust, sector), row in table.items():
        del row["trekk_kompleks_rehab"]
        row["refusjon_kr"] = half_up(refund(row["isf_poeng"], sector, ref), 2)
        row["hf"], row["rhf_orgnr"] = place_of(trust, ref)
    return table


def guest_patients(units: dict[Unit, Decimal], ref: Reference) -> dict:
    """(treating trust, RHF of residence, sector) -> row, unsuppressed, home region included."""
    table: dict[tuple[str, str, str], dict] = {}
    for unit, points in units.items():
        if unit.kind == "region":
            continue
        row = table.setdefault(
            (unit.trust, unit.rhf, unit.sector), {"antall_opphold": 0, "isf_poeng": ZERO, "pasienter": set()}
        )
        row["antall_opphold"] += unit.kind == "opphold" and unit.counts
        row["isf_poeng"] += points
        if unit.counts:
            row["pasienter"].add(unit.patient)
    for (_, _, sector), row in table.items():
        row["antall_pasienter"] = len(row.pop("pasienter"))
        row["refusjon_kr"] = half_up(refund(row["isf_poeng"], sector, ref), 2)
    return table
