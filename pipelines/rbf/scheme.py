"""The scheme of a year: `reference_data/<year>/rbf/` → schema `rbf` of a database.

`rbf.toml` has `[scheme]` and the assumptions; `indicator.csv`, `indicator_code.csv` and `basis_grant.csv` the tables.
Numbers are Decimal from file to database.
"""

import csv
import tomllib
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import duckdb

from pipelines.errors import InputRefused
from pipelines.rules.load import ROOT

COUNTINGS = ("contacts", "patients", "file")
SHAPE = {
    "indicator": {
        "position": "integer",
        "indicator": "varchar",
        "title": "varchar",
        "short_no": "varchar",
        "target": "decimal(9, 4)",
        "points": "bigint",
        "source": "varchar",
        "counting": "varchar",
        "sector": "varchar",
        "definition": "varchar",
        "definition_no": "varchar",
    },
    "indicator_code": {"indicator": "varchar", "field": "varchar", "code": "varchar"},
    "basis_grant": {"rhf_orgnr": "varchar", "rhf": "varchar", "basis_nok": "decimal(18, 0)"},
}


@dataclass(frozen=True)
class Scheme:
    """A year's scheme. `assumptions`: name, value, text, text_no. `tables`: name → rows as text, see `SHAPE`."""

    year: int
    activity_year: int
    activity: str
    total_nok: Decimal
    source: str
    assumptions: tuple[dict[str, str], ...]
    tables: dict[str, list[dict[str, str]]]

    def assumption(self, name: str) -> str:
        return next(one["value"] for one in self.assumptions if one["name"] == name)


def available(root: Path = ROOT) -> list[int]:
    """Years that have a scheme, computable or not."""
    return sorted(int(path.parent.parent.name) for path in root.glob("*/rbf/rbf.toml"))


def read(year: int, root: Path = ROOT) -> Scheme:
    """The scheme of a year. Raises InputRefused with every fault: file, row, value, remedy."""
    folder = root / str(year) / "rbf"
    if year not in available(root):
        known = ", ".join(map(str, available(root)))
        raise InputRefused(f"RBF {year}", [f"There is no scheme of {year}; there are {known}. Choose one with --year."])
    content = tomllib.loads((folder / "rbf.toml").read_text(encoding="utf-8"))
    scheme = content["scheme"]
    if not scheme["computable"]:
        raise InputRefused(f"RBF {year}", [f"The allocation of {year} cannot be computed: {scheme['reason']}."])
    faults: list[str] = []
    tables = {name: _rows(folder / f"{name}.csv", list(columns), faults) for name, columns in SHAPE.items()}
    if not faults:
        _check(tables, faults)
    if faults:
        raise InputRefused(f"RBF {year}", faults)
    return Scheme(
        scheme["year"],
        scheme["activity_year"],
        scheme["activity"],
        Decimal(scheme["total_nok"]),
        scheme["source"],
        tuple(content["assumption"]),
        tables,
    )


def _rows(path: Path, columns: list[str], faults: list[str]) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        if reader.fieldnames != columns:
            faults.append(f"{path.name}: the columns are {reader.fieldnames}; write {', '.join(columns)}.")
            return []
        return [dict(row, _at=f"{path.name} row {number}") for number, row in enumerate(reader, 2)]


def _check(tables: dict[str, list[dict[str, str]]], faults: list[str]) -> None:
    for row in tables["indicator"]:
        for column in ("target", "points"):
            value = _number(row[column])
            if value is None or value <= 0 or (column == "target" and value > 1):
                faults.append(
                    f"{row['_at']}: {column} '{row[column]}' must be above 0 (a target at most 1). Correct it."
                )
        if row["counting"] not in COUNTINGS:
            faults.append(f"{row['_at']}: counting '{row['counting']}' must be one of {', '.join(COUNTINGS)}.")
    known = {row["indicator"] for row in tables["indicator"]}
    for row in tables["indicator_code"]:
        if row["indicator"] not in known:
            faults.append(f"{row['_at']}: indicator '{row['indicator']}' is not in indicator.csv. Add it there.")
    for row in tables["basis_grant"]:
        value = _number(row["basis_nok"])
        if value is None or value <= 0 or value != value.to_integral_value():
            faults.append(f"{row['_at']}: basis_nok '{row['basis_nok']}' must be whole kroner above 0. Correct it.")


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def fill(scheme: Scheme, con: duckdb.DuckDBPyConnection) -> None:
    """Schema `rbf` of the connection's current database: the tables of `SHAPE` and `scheme`."""
    con.execute("create schema if not exists rbf")
    for name, columns in SHAPE.items():
        con.execute(f"create or replace table rbf.{name} ({', '.join(f'{c} {t}' for c, t in columns.items())})")
        rows = [[row[column] for column in columns] for row in scheme.tables[name]]
        con.executemany(f"insert into rbf.{name} values ({', '.join('?' * len(columns))})", rows)
    con.execute(
        "create or replace table rbf.scheme as select cast(? as integer) as year,"
        " cast(? as decimal(18, 2)) as total_nok, cast(? as decimal(9, 4)) as completeness_part",
        [scheme.year, str(scheme.total_nok), scheme.assumption("completeness_part")],
    )
