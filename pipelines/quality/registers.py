"""Code registers that a user supplies: `<home>/registers/<register>.csv`, one code per line in the column `code`.

Form is not existence: whether a code of ICD-10, of the procedure registers or of ATC exists says only its register,
which is licensed or changes by the year, so it is not part of the program. Without it the checks that need it are not
judged ("register mangler").
"""

import csv
import hashlib
from pathlib import Path

import duckdb

from pipelines.engine import home as homes
from pipelines.engine import workspace
from pipelines.errors import InputRefused

REGISTERS = {
    "icd10": "ICD-10",
    "procedure": "NCMP, NCSP og NCRP",
    "atc": "ATC",
}
COLUMN = "code"


def path(home: Path, register: str) -> Path:
    """Where a register lies in a home."""
    return home / "registers" / f"{register}.csv"


def take(file: Path, home: Path, register: str) -> int:
    """Take a register: a CSV file (`;` or `,`) whose column `code` (or `kode`, or the first) has one code per line, or
    a text file of codes. Returns how many codes. Raises InputRefused."""
    if register not in REGISTERS:
        raise InputRefused(str(file), [f"'{register}' is not a register. Use {', '.join(REGISTERS)}."])
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputRefused(str(file), [f"It cannot be read as text in UTF-8 ({type(error).__name__})."]) from error
    codes = _codes(text)
    if not codes:
        raise InputRefused(str(file), ["It has no code. Give a column `code`, or one code per line."])
    target = path(home, register)
    building = homes.building(homes.make(target.parent), target.name)
    building.write_text("".join(f"{line}\n" for line in [COLUMN, *codes]), encoding="utf-8", newline="\n")
    homes.replace(building, target)
    return len(codes)


def _codes(text: str) -> list[str]:
    lines = text.splitlines()
    if not lines:
        return []
    delimiter = ";" if ";" in lines[0] else ","
    rows = list(csv.reader(lines, delimiter=delimiter))
    head = [cell.strip().lower() for cell in rows[0]]
    named = [place for place, name in enumerate(head) if name in ("code", "kode")]
    column, first = (named[0], 1) if named else (0, 0)
    # Codes are compared as they load: without dot, upper case.
    found = {row[column].replace(".", "").strip().upper() for row in rows[first:] if len(row) > column}
    return sorted(found - {""})


def fill(con: duckdb.DuckDBPyConnection, home: Path) -> None:
    """`register_code` (`register`, `code`): the registers of the home; empty where there is none."""
    con.execute("create or replace table register_code (register varchar, code varchar)")
    for register in REGISTERS:
        if path(home, register).is_file():
            con.execute(
                f"insert into register_code select ?, code from read_csv({workspace.literal(path(home, register))},"
                " header = true, all_varchar = true, columns = {'code': 'varchar'})",
                [register],
            )


def sha256(home: Path) -> str:
    """A hash over the registers of a home."""
    digest = hashlib.sha256()
    for register in REGISTERS:
        if path(home, register).is_file():
            digest.update(register.encode() + b"\0" + path(home, register).read_bytes())
    return digest.hexdigest()
