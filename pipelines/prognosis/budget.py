"""The budget's points: `rhf_orgnr;sektor;poeng`, UTF-8 with or without BOM, a row per region and sector."""

import csv
import re
from decimal import Decimal
from pathlib import Path

import duckdb

from pipelines.errors import InputRefused

COLUMNS = ["rhf_orgnr", "sektor", "poeng"]
_POINTS = re.compile(r"\d{1,9}([.,]\d{1,3})?")
Row = tuple[str, str, Decimal]


def read(path: Path, regions: set[str], sectors: set[str]) -> list[Row]:
    """Rows (region, sector, points). A region or sector without a row has no budget.

    Raises InputRefused with every fault at once: file, row, value, remedy.
    """
    name = path.name
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            lines = list(csv.reader(stream, delimiter=";"))
    except OSError as error:
        raise InputRefused(
            name, [f"{path} cannot be read ({error.strerror}). Name the budget with --budget."]
        ) from error
    except UnicodeDecodeError as error:
        raise InputRefused(name, [f"{name} is not UTF-8 text. Save it as CSV UTF-8."]) from error
    except csv.Error as error:
        raise InputRefused(name, [f"{name} is not CSV ({error}). Save it as CSV UTF-8."]) from error
    if not lines or [cell.strip() for cell in lines[0]] != COLUMNS:
        raise InputRefused(name, [f"{name} row 1: write the columns {';'.join(COLUMNS)} with ; between them."])
    faults: list[str] = []
    found: dict[tuple[str, str], Decimal] = {}
    for number, cells in enumerate(lines[1:], 2):
        if any(cell.strip() for cell in cells):
            _row(f"{name} row {number}", [cell.strip() for cell in cells], regions, sectors, found, faults)
    if not found and not faults:
        faults.append(f"{name} has no rows. Write a row per region and sector.")
    if faults:
        raise InputRefused(name, faults)
    return sorted((rhf, sector, points) for (rhf, sector), points in found.items())


def _row(
    at: str,
    cells: list[str],
    regions: set[str],
    sectors: set[str],
    found: dict[tuple[str, str], Decimal],
    faults: list[str],
) -> None:
    if len(cells) != len(COLUMNS):
        faults.append(f"{at}: {len(cells)} fields; write {len(COLUMNS)}: {';'.join(COLUMNS)}.")
        return
    rhf, sector, points = cells
    if rhf not in regions:
        faults.append(f"{at}: rhf_orgnr '{rhf}' is not a region of the delivery. Use {', '.join(sorted(regions))}.")
    if sector not in sectors:
        faults.append(f"{at}: sektor '{sector}' is not known. Use {' or '.join(sorted(sectors))}.")
    if (rhf, sector) in found:
        faults.append(f"{at}: rhf_orgnr '{rhf}' and sektor '{sector}' occur twice. Keep one row.")
    if not _POINTS.fullmatch(points):
        faults.append(
            f"{at}: poeng '{points}' is not a number of points. Write digits, at most three decimals, no spaces."
        )
        return
    found[rhf, sector] = Decimal(points.replace(",", "."))


def fill(rows: list[Row], con: duckdb.DuckDBPyConnection) -> None:
    """Table `budget` where the connection stands."""
    con.execute("create or replace table budget (rhf_orgnr varchar, sector varchar, points decimal(18, 3))")
    if rows:
        con.executemany("insert into budget values (?, ?, ?)", rows)
