"""The decisions of a year's final settlement: `avregning.toml`, checked like a rule set.

    [price.SOM]
    unit_price_nok = 54100
    reason = "…"

    [[correction]]
    rhf = "983658725"
    sector = "SOM"
    points = -1625.992        # or kroner
    year = 2020
    reason = "…"
    reference = "…"

A sector without a price keeps the budget's. A correction in points is paid at its own year's price and share.
"""

import csv
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from pipelines.errors import InputRefused
from pipelines.rules.load import ROOT

SECTORS = ("SOM", "PHVTSB")
_PRICE_KEYS = {"unit_price_nok", "reason"}
_REQUIRED = {"rhf", "sector", "year", "reason", "reference"}
_OPTIONAL = {"hf", "points", "kroner"}
_DECIMALS = {"unit_price_nok": 2, "points": 3, "kroner": 2}
# Digits before the decimals. An amount in kroner has sixteen at most, points times a price too.
_BELOW = {"unit_price_nok": 6, "points": 8, "kroner": 12}
_YEARS_BACK = 30


@dataclass(frozen=True)
class Decisions:
    """`prices`: (sector, unit price, reason). `corrections`: one tuple each, in the order of the file."""

    prices: list[tuple[str, Decimal, str]]
    corrections: list[tuple[Any, ...]]


def history() -> list[dict[str, str]]:
    """Unit prices of earlier years, rows as text."""
    with (ROOT / "unit_price_history.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def read(path: Path, year: int, regions: set[str], trusts: set[str]) -> Decisions:
    """The decisions. `regions`, `trusts`: organisation numbers of the rule set.

    Raises InputRefused with every fault at once: file, place, value, remedy.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except OSError as error:
        raise InputRefused(
            path.name, [f"{path} cannot be read ({error.strerror}). Name the file of decisions."]
        ) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputRefused(
            path.name,
            [
                f"{path.name} is not TOML in UTF-8: {error}. Remedy: save it as UTF-8, and write it as"
                " docs/avregning.md shows."
            ],
        ) from error
    faults = [
        f"{path.name}: unknown key '{key}'. Use price and correction."
        for key in sorted(content.keys() - {"price", "correction"})
    ]
    prices = _prices(path.name, content.get("price", {}), faults)
    known_prices = {(int(row["activity_year"]), row["sector"]) for row in history()} | {(year, s) for s in SECTORS}
    corrections = []
    given = content.get("correction", [])
    if not isinstance(given, list):
        faults.append(f"{path.name}: correction must be a list. Write [[correction]], with two brackets, before each.")
        given = []
    for number, raw in enumerate(given, 1):
        at = f"{path.name} [[correction]] {number}"
        before = len(faults)
        _correction(at, raw, year, regions, trusts, known_prices, faults)
        if len(faults) == before:
            corrections.append(
                (number, raw["rhf"], raw.get("hf"), raw["sector"], raw["year"], _decimal(raw.get("points")),
                 _decimal(raw.get("kroner")), raw["reason"], raw["reference"])
            )  # fmt: skip
    first: dict[tuple[Any, ...], int] = {}
    for number, *decided in corrections:
        if (same := first.setdefault(tuple(decided), number)) != number:
            faults.append(
                f"{path.name} [[correction]] {number}: is the same as [[correction]] {same}, which is already paid."
                " Take it out, or tell the two apart in reason or reference."
            )
    if faults:
        raise InputRefused(path.name, faults)
    return Decisions(prices, corrections)


def _prices(name: str, given: Any, faults: list[str]) -> list[tuple[str, Decimal, str]]:
    if not isinstance(given, dict):
        faults.append(f"{name}: price must be tables [price.SOM] and [price.PHVTSB].")
        return []
    found = []
    for sector, raw in given.items():
        at = f"{name} [price.{sector}]"
        before = len(faults)
        if sector not in SECTORS:
            faults.append(f"{at}: the sector must be one of {', '.join(SECTORS)}.")
        if not isinstance(raw, dict) or raw.keys() != _PRICE_KEYS:
            faults.append(f"{at}: write exactly {' and '.join(sorted(_PRICE_KEYS, reverse=True))}.")
        if not isinstance(raw, dict):
            continue
        if "unit_price_nok" in raw:
            _number(at, raw, "unit_price_nok", faults)
        if len(faults) == before and Decimal(raw["unit_price_nok"]) <= 0:
            faults.append(f"{at}: unit_price_nok {raw['unit_price_nok']} must be above 0.")
        if "reason" in raw:
            _text(at, raw, "reason", faults)
        if len(faults) == before:
            found.append((sector, Decimal(raw["unit_price_nok"]), raw["reason"]))
    return found


def _correction(
    at: str, raw: Any, year: int, regions: set[str], trusts: set[str], prices: set[tuple[int, str]], faults: list[str]
) -> None:
    if not isinstance(raw, dict):
        faults.append(f"{at}: must be a table.")
        return
    faults += [f"{at}: unknown key '{key}'." for key in sorted(raw.keys() - _REQUIRED - _OPTIONAL)]
    faults += [f"{at}: {key} is missing. Write it." for key in sorted(_REQUIRED - raw.keys())]
    for key in ("reason", "reference"):
        if key in raw:
            _text(at, raw, key, faults)
    faults += [
        f"{at}: {key} {raw[key]} must be a text. Write it in quotes."
        for key in ("rhf", "hf", "sector")
        if key in raw and not isinstance(raw[key], str)
    ]
    if isinstance(rhf := raw.get("rhf"), str) and rhf not in regions:
        faults.append(f"{at}: rhf '{rhf}' is no region of the rule set. Use {', '.join(sorted(regions))}.")
    if isinstance(hf := raw.get("hf"), str) and hf not in trusts:
        faults.append(f"{at}: hf '{hf}' is not in the rule set's trust.csv. Correct the number or leave it out.")
    if isinstance(sector := raw.get("sector"), str) and sector not in SECTORS:
        faults.append(f"{at}: sector '{sector}' must be one of {', '.join(SECTORS)}.")
    amounts = [key for key in ("points", "kroner") if key in raw]
    if len(amounts) != 1:
        faults.append(f"{at}: {len(amounts)} of points and kroner are given. Give exactly one.")
    for key in amounts:
        before = len(faults)
        _number(at, raw, key, faults)
        if len(faults) == before and not _decimal(raw[key]):
            faults.append(
                f"{at}: {key} is 0, which corrects nothing. Write the amount, negative for what is paid back."
            )
    if "year" in raw:
        if (
            not isinstance(raw["year"], int)
            or isinstance(raw["year"], bool)
            or not (year - _YEARS_BACK <= raw["year"] <= year)
        ):
            faults.append(f"{at}: year {raw['year']} must be a year from {year - _YEARS_BACK} to {year}.")
        elif "points" in raw and sector in SECTORS and (raw["year"], sector) not in prices:
            years = sorted(known for known, of in prices if of == sector)
            faults.append(
                f"{at}: the unit price of {raw['year']} is not known (known: {', '.join(map(str, years))})."
                " Give the correction in kroner, or add the price to reference_data/unit_price_history.csv."
            )


def _number(at: str, raw: dict, key: str, faults: list[str]) -> None:
    value = raw[key]
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
        faults.append(f"{at}: {key} '{value}' is not a number. Write it without quotes, with a decimal point.")
    elif (
        abs(Decimal(value)) >= Decimal(10) ** _BELOW[key]
        or -int(Decimal(value).normalize().as_tuple().exponent) > _DECIMALS[key]
    ):
        faults.append(f"{at}: {key} {value} must have at most {_BELOW[key]} digits and {_DECIMALS[key]} decimals.")


def _text(at: str, raw: dict, key: str, faults: list[str]) -> None:
    if not isinstance(raw[key], str) or not raw[key].strip():
        faults.append(f"{at}: {key} must be a text. Say it.")


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def fill(decisions: Decisions, con: duckdb.DuckDBPyConnection) -> None:
    """Schema `decision` of the connection's current database."""
    con.execute(
        """
        create schema if not exists decision;
        create or replace table decision.price (sector varchar, unit_price_nok decimal(18, 2), reason varchar);
        create or replace table decision.correction (nr integer, rhf varchar, hf varchar, sector varchar, year integer,
            points decimal(18, 3), kroner decimal(18, 2), reason varchar, reference varchar);
        create or replace table decision.price_history (activity_year integer, sector varchar,
            unit_price_nok decimal(18, 2), isf_share decimal(9, 4), source varchar);
        """
    )
    for name, rows in (
        ("price", decisions.prices),
        ("correction", decisions.corrections),
        ("price_history", [tuple(row.values()) for row in history()]),
    ):
        if rows:
            con.executemany(f"insert into decision.{name} values ({', '.join('?' * len(rows[0]))})", rows)
