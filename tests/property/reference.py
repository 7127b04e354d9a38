"""Loads the tables of a rule set for the plain calculator.

The tables are the CSV files of `reference_data/2025`. The parameters of the rules are written as
literal constants in `plain/`: they are an independent reading of the rulebook.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "reference_data"


@dataclass(frozen=True)
class Drg:
    """One row of the DRG table of a sector."""

    code: str
    hdg: int | None
    cost_weight: Decimal
    base_points: Decimal
    trim_point: int


@dataclass(frozen=True)
class Component:
    """One row of the pathway components: which stays and services a pathway takes."""

    tfg: str
    period: str
    role: str
    member_type: str
    code: str
    prefix: str
    min_days: int | None
    max_days: int | None


@dataclass(frozen=True)
class Reference:
    """Everything the rules look up."""

    year: int
    drg: dict[tuple[str, str], Drg]
    stg: dict[tuple[str, str], Decimal]
    tfg: dict[str, Decimal]
    components: list[Component]
    stg_procedures: list[dict[str, str]]
    stg_medicines: list[dict[str, str]]
    stg_periods: list[tuple[str, str]]
    exclusive_stg: list[set[str]]
    exclusive_tfg: list[set[str]]
    exceptions: set[tuple[str, str, str]]
    rehab_days: list[tuple[str, int, int | None, Decimal]]
    burn_weight: dict[str, Decimal]
    non_isf: set[str]
    organ_donation: set[str]
    trusts: dict[str, tuple[str, str]]
    rhf_names: dict[str, str]
    municipality: dict[int, str]
    debitor: dict[int, bool]
    personnel: dict[int, bool]
    price: dict[str, tuple[Decimal, Decimal]]
    periods: dict[int, tuple[date, date]]


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    with open(folder / f"{name}.csv", encoding="utf-8-sig", newline="") as handle:
        return [{k: (v or "").strip() for k, v in row.items()} for row in csv.DictReader(handle)]


def _int(text: str) -> int | None:
    return int(text) if text else None


def _yes(text: str) -> bool:
    return text.lower() in ("1", "true", "ja", "yes")


@cache
def load(year: int = 2025) -> Reference:
    """Read the CSV files of one year's rule set."""
    folder = FOLDER / str(year)
    drg = {}
    for r in _rows(folder, "drg"):
        drg[r["sector"], r["drg"]] = Drg(
            r["drg"],
            _int(r["hdg"]),
            Decimal(r["cost_weight"]),
            Decimal(r["base_points"]),
            int(r["trim_point"] or 0),
        )
    groups: dict[str, set[str]] = {}
    for r in _rows(folder, "stg_exclusive_group"):
        groups.setdefault(r["exclusive_group"], set()).add(r["stg"])
    trusts = _rows(folder, "trust")
    return Reference(
        year=year,
        drg=drg,
        stg={(r["sector"], r["stg"]): Decimal(r["base_points"]) for r in _rows(folder, "stg")},
        tfg={r["tfg"]: Decimal(r["base_points"]) for r in _rows(folder, "tfg")},
        components=[
            Component(
                r["tfg"],
                r["period"],
                r["role"],
                r["member_type"],
                r["code"],
                r["main_condition_prefix"],
                _int(r["min_days_after_trigger"]),
                _int(r["max_days_after_trigger"]),
            )
            for r in _rows(folder, "tfg_component")
        ],
        stg_procedures=_rows(folder, "stg_procedure"),
        stg_medicines=sorted(_rows(folder, "stg_medicine"), key=lambda r: int(r["priority"])),
        stg_periods=[(r["stg_pattern"], r["period"]) for r in _rows(folder, "stg_period")],
        exclusive_stg=list(groups.values()),
        exclusive_tfg=[{"AT01", "FT01", "HT01", "JT01"}],
        exceptions={(r["kind"], r["sector"], r["drg"]) for r in _rows(folder, "drg_exception")},
        rehab_days=[
            (r["drg"], int(r["from_day"]), _int(r["to_day"]), Decimal(r["points_per_day"]))
            for r in _rows(folder, "rehab_day")
        ],
        burn_weight={r["drg"]: Decimal(r["weight"]) for r in _rows(folder, "burn_weight")},
        non_isf={r["icd10"] for r in _rows(folder, "non_isf_main_condition")},
        organ_donation={r["code"] for r in _rows(folder, "organ_donation_code")},
        trusts={r["hf_orgnr"]: (r["hf_name"], r["rhf_orgnr"]) for r in trusts},
        rhf_names={r["rhf_orgnr"]: r["rhf_name"] for r in trusts},
        municipality={int(r["municipality_number"]): r["rhf_orgnr"] for r in _rows(folder, "municipality")},
        debitor={int(r["code"]): _yes(r["isf_counts"]) for r in _rows(folder, "debitor")},
        personnel={int(r["code"]): _yes(r["isf_eligible"]) for r in _rows(folder, "personnel")},
        price={
            r["sector"]: (Decimal(r["unit_price_nok"]), Decimal(r["isf_share"])) for r in _rows(folder, "unit_price")
        },
        periods={
            int(r["tertial"]): (date.fromisoformat(r["period_from"]), date.fromisoformat(r["period_to"]))
            for r in _rows(folder, "delivery_period")
        },
    )
