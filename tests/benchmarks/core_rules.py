"""What the three cores have in common: the rule set as small tables, and the shape of the result.

The core is a shortened settlement, the same in DuckDB, Polars and pandas, so that they can be compared: accepted
episodes → stays → base points and four supplements → sums per trust, RHF of residence and sector. What it leaves out
is in SIMPLIFICATIONS. Points are whole thousandths (millipoints), so results are equal or they are wrong.
"""

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from pipelines.rules import load as ruleset

# The columns of a result row: the key, then counts and sums in millipoints.
KEY = ("hf", "rhf", "sector")
SUMS = ("stays", "base", "ambulatory", "emergency", "palliative", "long_stay")
Rows = list[list]

SIMPLIFICATIONS = (
    "every row is taken as valid and as written: no trimming, upper-casing, quarantine or check of duplicates",
    "an episode without a time of day starts and ends at 00:00",
    "the funnel tests period, residence, unit, debitor, dead on arrival, inpatient radiotherapy, personnel and DRG; "
    "contacts that report a special service are not singled out, and no DRG is replaced for its main condition",
    "department stays chain per sector, patient and institution with the rule set's gap; contacts during them stay "
    "stays of their own",
    "contacts of one sector, patient, institution and start date are one stay: no split by HDG or DRG, no directness",
    "four supplements (ambulatory, short emergency, palliative, long stay) on every stay; no services and no pathways",
    "the result stays in memory: nothing is written, explained or checked",
)


@dataclass(frozen=True)
class Rules:
    """The parameters of a delivery's year as the cores need them; `drg` and `residence` are lookup tables."""

    period_from: object
    period_to: object
    gap_s: int
    isf_yes: int
    dead_on_arrival: int
    inpatient_care_level: int
    debitors: list[int]
    personnel: list[int]
    places: list[int]
    palliative_procedures: list[str]
    emergency_below_s: int
    days_after_trim: int
    max_days: int
    points_ambulatory: int
    points_emergency: int
    points_palliative: int
    points_long_stay: int
    drg: pa.Table
    residence: pa.Table


def read_rules(delivery: Path) -> Rules:
    """The rules of the delivery's year, read from `reference_data/`."""
    header = json.loads((delivery / "leveranse.json").read_text(encoding="utf-8"))
    tables = ruleset.read(ruleset.for_year(header["year"])).tables
    rows = tables["parameter"]

    def values(rule: str, parameter: str, column: str = "number") -> list:
        return [row[column] for row in rows if row["rule"] == rule and row["parameter"] == parameter]

    def number(rule: str, parameter: str) -> int:
        return values(rule, parameter)[0]

    def points(rule: str) -> int:
        return milli(values(rule, "points", "points")[0])

    period = next(row for row in tables["delivery_period"] if row["tertial"] == header["tertial"])
    return Rules(
        period_from=period["period_from"],
        period_to=period["period_to"],
        gap_s=60 * number("7.18", "stay_gap_minutes"),
        isf_yes=number("4.4", "isf_refund_yes"),
        dead_on_arrival=number("4.11", "dead_on_arrival"),
        inpatient_care_level=number("5.2.4", "inpatient_care_level"),
        debitors=[row["code"] for row in tables["debitor"] if row["isf_counts"]],
        personnel=[row["code"] for row in tables["personnel"] if row["isf_eligible"]],
        places=values("7.17", "place"),
        palliative_procedures=values("7.4", "procedure", "value"),
        emergency_below_s=60 * number("7.19", "below_minutes"),
        days_after_trim=number("7.1", "days_after_trim"),
        max_days=number("7.1", "max_days"),
        points_ambulatory=points("7.17"),
        points_emergency=points("7.19"),
        points_palliative=points("7.4"),
        points_long_stay=points("7.1"),
        drg=_drg_table(tables, values("7.19", "drg", "value"), values("7.1", "excluded_drg", "value"),
                       number("7.1", "trim_above")),
        residence=pa.table({
            "municipality": pa.array([row["municipality_number"] for row in tables["municipality"]], pa.int32()),
            "rhf": [row["rhf_orgnr"] for row in tables["municipality"]],
        }),
    )  # fmt: skip


def _drg_table(tables: dict, emergency: list[str], not_long: list[str], trim_above: int) -> pa.Table:
    """Per sector and DRG: weights in thousandths and which of the four supplements it can have."""
    not_ambulatory = {(row["sector"], row["drg"]) for row in tables["drg_exception"] if row["kind"] == "ambulatory"}
    rows = []
    for row in tables["drg"]:
        sector, drg, trim = row["sector"], row["drg"], row["trim_point"]
        somatic = sector == "SOM"
        rows.append({
            "sector": sector,
            "drg": drg,
            "weight": milli(row["cost_weight"]),
            "base": milli(row["base_points"]),
            "trim": trim or 0,
            "can_ambulatory": somatic and (sector, drg) not in not_ambulatory,
            "can_emergency": somatic and drg in emergency,
            "can_long": somatic and trim is not None and trim > trim_above and drg not in not_long,
        })  # fmt: skip
    return pa.Table.from_pylist(rows)


def milli(points: Decimal) -> int:
    """Points as whole thousandths; more than three decimals would be lost, so they are an error."""
    thousandths = points * 1000
    if thousandths != int(thousandths):
        raise ValueError(f"{points} has more than three decimals")
    return int(thousandths)


def settled(rows: Rows) -> Rows:
    """Result rows in the one order and with plain integers."""
    return sorted([*map(str, row[: len(KEY)]), *map(int, row[len(KEY) :])] for row in rows)


def first_difference(one: Rows, other: Rows) -> str | None:
    """The first row in which two results differ, as a sentence; None where they are equal."""
    for a, b in zip(one, other, strict=False):
        if a != b:
            return f"{a} is not {b}"
    return None if len(one) == len(other) else f"{len(one)} rows are not {len(other)} rows"
