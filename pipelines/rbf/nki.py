"""The file of the national quality indicator (NKI): per region, discharge summaries sent within a day, and all.

`rhf_orgnr;teller;nevner`, UTF-8 with or without BOM, one row per region.
"""

import csv
from pathlib import Path

import duckdb

from pipelines.errors import InputRefused

COLUMNS = ["rhf_orgnr", "teller", "nevner"]


def read(path: Path, regions: dict[str, str]) -> list[tuple[str, int, int]]:
    """Rows (region, numerator, denominator). `regions`: number → name of those that must be there.

    Raises InputRefused with every fault at once: file, row, value, remedy.
    """
    name = path.name
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            lines = list(csv.reader(stream, delimiter=";"))
    except OSError as error:
        raise InputRefused(
            name, [f"{path} cannot be read ({error.strerror}). Name the NKI file with --nki."]
        ) from error
    except UnicodeDecodeError as error:
        raise InputRefused(name, [f"{name} is not UTF-8 text. Save it as CSV UTF-8."]) from error
    if not lines or [cell.strip() for cell in lines[0]] != COLUMNS:
        raise InputRefused(name, [f"{name} row 1: write the columns {';'.join(COLUMNS)} with ; between them."])
    faults: list[str] = []
    found: dict[str, tuple[str, int, int]] = {}
    for number, cells in enumerate(lines[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        row = _row(f"{name} row {number}", [cell.strip() for cell in cells], regions, found, faults)
        if row:
            found[row[0]] = row
    faults += [
        f"{name}: {rhf} ({orgnr}) is missing. Add its row."
        for orgnr, rhf in sorted(regions.items())
        if orgnr not in found and not any(f"'{orgnr}'" in fault for fault in faults)
    ]
    if faults:
        raise InputRefused(name, faults)
    return sorted(found.values())


def _row(
    at: str, cells: list[str], regions: dict[str, str], found: dict, faults: list[str]
) -> tuple[str, int, int] | None:
    if len(cells) != len(COLUMNS):
        faults.append(f"{at}: {len(cells)} fields; write {len(COLUMNS)}: {';'.join(COLUMNS)}.")
        return None
    orgnr, numerator, denominator = cells
    if orgnr not in regions:
        faults.append(f"{at}: rhf_orgnr '{orgnr}' has no basis grant in the scheme. Use {', '.join(sorted(regions))}.")
        return None
    if orgnr in found:
        faults.append(f"{at}: rhf_orgnr '{orgnr}' occurs twice. Keep one row per region.")
        return None
    if not (numerator.isascii() and numerator.isdigit() and denominator.isascii() and denominator.isdigit()):
        faults.append(f"{at}: rhf_orgnr '{orgnr}' has {numerator} of {denominator}. Write whole numbers.")
        return None
    low, high = int(numerator), int(denominator)
    if high == 0 or low > high or high >= 10**12:
        faults.append(f"{at}: rhf_orgnr '{orgnr}' has {low} of {high}: a share lies between 0 and 1. Correct the row.")
        return None
    return orgnr, low, high


def fill(rows: list[tuple[str, int, int]], con: duckdb.DuckDBPyConnection) -> None:
    """Table `rbf.indicator_file` of the connection's current database."""
    con.execute("create or replace table rbf.indicator_file (rhf_orgnr varchar, numerator bigint, denominator bigint)")
    con.executemany("insert into rbf.indicator_file values (?, ?, ?)", rows)
