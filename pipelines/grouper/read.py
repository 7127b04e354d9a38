"""A definition set as published → its rows as text, with the number of each row.

Three forms: a ZIP with one JSON file, that JSON file, or a folder with a CSV (`.csv`, `.csv.gz`) per table. The
published JSON is not strict JSON: it has a byte-order mark, commas before closing brackets and line breaks inside
texts; all three are read. Nothing here judges a value. Faults of the form are collected, not raised one by one.
"""

import csv
import gzip
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.grouper.shape import SAME_COLUMN, TABLES

MOST_TOLD = 50  # rows with one and the same fault
LARGEST_BYTES = 1 << 30  # of an unpacked file; published ones have 13 MB
# A text, or a comma that only white space separates from a closing bracket: outside texts such a comma is dropped.
_TEXT_OR_COMMA = re.compile(r'"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])', re.DOTALL)


@dataclass
class Raw:
    """One table as read: `file` for messages, `counted` says what a row number counts (`row` or `line`).

    `columns`: the columns given, by the names of `shape.TABLES`. `rows`: number and values in that order; text,
    trimmed, None for empty.
    """

    file: str
    counted: str
    columns: list[str]
    rows: list[tuple[int, list[str | None]]]
    missing: list[str] = field(default_factory=list)


def read(source: Path, faults: list[str]) -> dict[str, Raw]:
    """The tables of a definition set; what is wrong with their form goes to `faults`."""
    if not source.exists():
        faults.append(f"There is no file or folder {source}. Name the definition set.")
        return {}
    found = _folder(source, faults) if source.is_dir() else _published(source, faults)
    if found is None:
        return {}
    for name in TABLES:
        if name not in found:
            faults.append(f"{source.name}: table {name} is missing. Add it; its columns are {', '.join(TABLES[name])}.")
    return {name: raw for name, raw in found.items() if raw is not None}


class Few:
    """Faults of one kind, of which the first are told and the others counted."""

    def __init__(self, faults: list[str], most: int = MOST_TOLD):
        self.faults, self.most, self.number = faults, most, 0

    def tell(self, fault: str) -> None:
        self.number += 1
        if self.number <= self.most:
            self.faults.append(fault)

    def rest(self, where: str) -> None:
        if self.number > self.most:
            self.faults.append(f"{where}: {self.number - self.most} more rows with the same fault.")


def _folder(folder: Path, faults: list[str]) -> dict[str, Raw | None]:
    """The tables of a folder; None for one that is given but cannot be read."""
    given: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        match = re.fullmatch(r"(.+?)\.csv(\.gz)?", path.name, re.IGNORECASE)
        if match and path.is_file():
            given.setdefault(match.group(1), []).append(path)
    found: dict[str, Raw | None] = {}
    for name, paths in given.items():
        if name not in TABLES:
            faults.append(f"{paths[0].name} is not a table of a definition set. Take it out of the folder.")
        elif len(paths) > 1:
            faults.append(f"{name}.csv is given {len(paths)} times. Keep one of the files.")
            found[name] = None
        else:
            found[name] = _csv(name, paths[0], faults)
    return found


def _csv(name: str, path: Path, faults: list[str]) -> Raw | None:
    try:
        packed = path.read_bytes()
        content = _unpack_gzip(packed) if path.suffix.lower() == ".gz" else packed
        text = content.decode("utf-8-sig")
        lines = text.splitlines()
        separator = ";" if lines and lines[0].count(";") > lines[0].count(",") else ","
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        header = next(reader, [])
        rows = [(reader.line_num, cells) for cells in reader if cells]
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error, ValueError) as error:
        faults.append(f"{path.name} cannot be read: {error}. Save it as CSV in UTF-8 with comma between fields.")
        return None
    columns = [_column(cell) for cell in header]
    _judge_columns(path.name, name, columns, faults)
    kept, few = [], Few(faults)
    for number, cells in rows:
        if len(cells) != len(columns):
            few.tell(f"{path.name} line {number}: {len(cells)} fields, the header has {len(columns)}. Correct it.")
        else:
            kept.append((number, [cell.strip() or None for cell in cells]))
    few.rest(path.name)
    return _known_columns(Raw(path.name, "line", columns, kept), name)


def _unpack_gzip(packed: bytes) -> bytes:
    with gzip.GzipFile(fileobj=io.BytesIO(packed)) as stream:
        content = stream.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        raise ValueError(f"it unpacks to more than {LARGEST_BYTES} bytes")
    return content


def _published(source: Path, faults: list[str]) -> dict[str, Raw | None] | None:
    """The tables of a ZIP or JSON file; None if it is neither."""
    try:
        content = source.read_bytes()
        if zipfile.is_zipfile(io.BytesIO(content)):
            content = _unpack_zip(content)
        document = tolerant_json(content.decode("utf-8-sig"))
    except (OSError, zipfile.BadZipFile, zlib.error, UnicodeDecodeError, ValueError, RuntimeError) as error:
        faults.append(
            f"{source.name} cannot be read: {error}. Give the published ZIP with one JSON file, that JSON file, or a "
            "folder with one CSV per table."
        )
        return None
    if not isinstance(document, dict):
        faults.append(f"{source.name} holds no object with a list per table. Give a published definition set.")
        return None
    found: dict[str, Raw | None] = {}
    for name, entries in document.items():
        if name not in TABLES:
            faults.append(f"{source.name}: table {name} is not known. The tables are {', '.join(TABLES)}.")
        elif not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            faults.append(f"{source.name}: table {name} is not a list of objects. Write one object per row.")
            found[name] = None
        else:
            found[name] = _rows_of(name, entries, faults)
    return found


def _unpack_zip(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [entry for entry in archive.infolist() if entry.filename.lower().endswith(".json")]
        if len(names) != 1:
            raise ValueError(f"the ZIP holds {len(names)} JSON files")
        if names[0].file_size > LARGEST_BYTES:
            raise ValueError(f"it unpacks to more than {LARGEST_BYTES} bytes")
        return archive.read(names[0])


def tolerant_json(text: str) -> object:
    """A JSON document that may have commas before closing brackets and line breaks in texts. Raises ValueError."""
    strict = _TEXT_OR_COMMA.sub(lambda match: "" if match.group() == "," else match.group(), text)
    return json.loads(strict, strict=False, object_pairs_hook=_object, parse_int=str, parse_float=str)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)!r} occurs twice in one object")
    return found


def _rows_of(name: str, entries: list[dict], faults: list[str]) -> Raw:
    given = list(dict.fromkeys(key for entry in entries for key in entry)) or list(TABLES[name])
    columns = [_column(key) for key in given]
    _judge_columns(name, name, columns, faults)
    rows, few = [], Few(faults)
    for number, entry in enumerate(entries, 1):
        values = [entry.get(key) for key in given]
        absent = [key for key in given if key not in entry]
        wrong = [key for key, value in zip(given, values, strict=True) if not isinstance(value, str | None)]
        if absent:
            few.tell(f"{name} row {number}: {', '.join(absent)} is missing. Write it, empty where there is none.")
        if wrong:
            few.tell(f"{name} row {number}: {', '.join(wrong)} is neither a text nor a number. Write a text.")
        rows.append((number, [_text(value) for value in values]))
    few.rest(name)
    return _known_columns(Raw(name, "row", columns, rows), name)


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _column(name: str) -> str:
    plain = " ".join(name.split())
    return SAME_COLUMN.get(plain, plain)


def _judge_columns(file: str, table: str, columns: Iterable[str], faults: list[str]) -> None:
    columns = list(columns)
    known = ", ".join(TABLES[table])
    for column in TABLES[table]:
        if column not in columns:
            faults.append(f"{file}: column {column} is missing. The columns are {known}.")
    for column in dict.fromkeys(columns):
        if column not in TABLES[table]:
            faults.append(f"{file}: column {column!r} is not known. The columns are {known}.")
        if columns.count(column) > 1:
            faults.append(f"{file}: column {column} is given {columns.count(column)} times. Keep one.")


def _known_columns(raw: Raw, table: str) -> Raw:
    """The table with the columns of `shape.TABLES` in their order; one that is missing is empty."""
    place = {column: raw.columns.index(column) for column in TABLES[table] if column in raw.columns}
    rows = [
        (number, [values[place[column]] if column in place else None for column in TABLES[table]])
        for number, values in raw.rows
    ]
    missing = [column for column in TABLES[table] if column not in place]
    return Raw(raw.file, raw.counted, list(TABLES[table]), rows, missing)
