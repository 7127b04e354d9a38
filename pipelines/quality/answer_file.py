"""A hospital's answer file, its CSV or its workbook, as plain lines. What the answers mean is decided in `answers`.

A line is one record: a line end inside quotes, or a character that only looks like one (U+2028), is part of a cell.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.publication.columns import FINDING
from pipelines.publication.csvfile import unguarded

REQUIRED = ("kontroll", "radtype", "radnokkel", "hf_orgnr", "svar", "pakkekode")
COMMENT = "kommentar"
# A column by its heading in the workbook, or by its field name, as in the CSV.
_FIELDS = {heading.lower(): name for name, heading in FINDING.items()} | {name: name for name in FINDING}
_ZIP = b"PK\x03\x04"
_LARGEST = 1 << 30
_MOST_CELLS = 30_000_000  # a sheet has at most a million rows, a pack fourteen columns
_LONGEST_PLACE = 20  # characters of ` r="XFD1048576"`
_CELL = re.compile(rb"""\sr\s*=\s*["']([A-Z]+)([0-9]+)["']""")
_HEADING_ROWS = 20  # of a sheet: above the table stands what the check means


class Unusable(Exception):
    """The file as a whole cannot be read; the text says why and what to do."""


@dataclass(frozen=True)
class Line:
    """A line with an answer. `place`: where it stands, for people."""

    place: str
    cells: dict[str, str]
    too_many: bool = False


def read(file: Path) -> list[Line]:
    """The lines whose `svar` is filled in, in the order of the file. Raises Unusable."""
    try:
        with file.open("rb") as stream:
            is_workbook = stream.read(len(_ZIP)) == _ZIP
        return list(_workbook(file) if is_workbook else _csv(file))
    except FileNotFoundError:
        raise Unusable("there is no such file") from None
    except IsADirectoryError:
        raise Unusable("it is a folder; give the file") from None


def _csv(file: Path) -> Iterator[Line]:
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unusable("the file is not UTF-8; save the hospital's CSV as CSV UTF-8, or send the workbook") from None
    csv.field_size_limit(_LARGEST)
    # Without strict an open quote would swallow the rest of the file in silence.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    header: list[str] | None = None
    begins = 1
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise Unusable(f"line {begins}: the quotes do not match ({error})") from None
        if row is None:
            break
        if header is None:
            header = _header(row, "answer in the CSV of the hospital's pack, with ; between the fields")
        elif line := _line(header, row, f"line {begins}"):
            yield line
        begins = reader.line_num + 1
    if header is None:
        raise Unusable("the file is empty")


def _workbook(file: Path) -> Iterator[Line]:
    """Of all sheets that have the columns. calamine reads ten times as fast as openpyxl; it keeps a sheet as a
    rectangle up to its last cell, so a cell far away would take all memory."""
    import python_calamine

    try:
        with zipfile.ZipFile(file) as archive:
            _require_size(archive)
        with python_calamine.CalamineWorkbook.from_path(file) as book:
            sheets = {name: book.get_sheet_by_name(name) for name in book.sheet_names}
    except (Unusable, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # its parser raises exceptions of its own, and what is no Exception where it fails
        raise Unusable(f"the workbook cannot be read ({type(error).__name__}); save it as .xlsx") from None
    found = False
    for name, sheet in sheets.items():
        header: list[str] | None = None
        for number, row in enumerate(sheet.to_python(skip_empty_area=False), 1):
            cells = [_text(value) for value in row]
            if header is None:
                if {"svar", "radnokkel"} <= set(map(_field, cells)):
                    header, found = _header(cells, "answer in the workbook of the hospital's pack"), True
                elif number == _HEADING_ROWS:
                    break
            elif line := _line(header, cells, f"sheet {name}, row {number}"):
                yield line
    if not found:
        raise Unusable("no sheet has the columns svar and radnokkel; answer in the workbook of the hospital's pack")


def _require_size(archive: zipfile.ZipFile) -> None:
    """Refuse what is larger than a pack can be, by bytes and by the rectangle that each sheet spans."""
    if sum(entry.file_size for entry in archive.infolist()) > _LARGEST:
        raise Unusable("the workbook is larger than a pack can be")
    for name in (name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")):
        columns, last, rest = set(), 0, b""
        with archive.open(name) as stream:
            while chunk := stream.read(1 << 22):
                cells = _CELL.findall(rest + chunk)
                columns |= {column for column, _ in cells}
                last = max([last, *(int(row) for _, row in cells)])
                rest = chunk[-_LONGEST_PLACE:]
        if last * max(map(_column_number, columns), default=0) > _MOST_CELLS:
            raise Unusable("a cell stands far away from the table; answer in the workbook of the hospital's pack")


def _column_number(letters: bytes) -> int:
    """A = 1, Z = 26, AA = 27."""
    return sum((letter - 64) * 26**place for place, letter in enumerate(reversed(letters)))


def _text(value: object) -> str:
    """A cell as the text that the pack had: a number that Excel made of an id is written without fraction."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _field(heading: str) -> str:
    """The field name of a column."""
    plain = heading.strip().lower()
    return _FIELDS.get(plain, plain)


def _header(row: Iterable[str], remedy: str) -> list[str]:
    names = [_field(cell) for cell in row]
    missing = [name for name in REQUIRED if name not in names]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if missing or twice:
        faults = [f"column {name} is missing" for name in missing] + [f"column {name} occurs twice" for name in twice]
        raise Unusable(f"{', '.join(faults)}; {remedy}")
    return names


def _line(header: list[str], row: list[str], place: str) -> Line | None:
    """The line, if it is answered."""
    cells = dict(zip(header, row, strict=False))
    if not cells.get("svar", "").strip():
        return None
    kept = {name: unguarded(cells.get(name, "").strip()) for name in (*REQUIRED, COMMENT)}
    return Line(place, kept, any(cell.strip() for cell in row[len(header) :]))
