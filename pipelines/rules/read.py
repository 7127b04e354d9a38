"""Reads the files of a rule set, lays derived sets over their bases and gives the values their types.

A rule set is a folder with `rules.toml` and one CSV per table of `ruleset_tables.TABLES`. A derived set
(`base = "..."`) holds only what differs: rows are matched by the table's key, an empty cell keeps the base's
value, `[[remove]]` takes rows or rules away before the rows of the set are laid on. Nothing here knows rules.
"""

import csv
import difflib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from pipelines.rules.shape import DECIMALS, TABLES, Table

_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_INTEGER = re.compile(r"-?\d+", re.ASCII)
_DIGITS = {"points": 15, "money": 16, "share": 5, "int": 9}  # what the columns of the database hold
_SETTINGS = {"id", "activity_year", "status", "base", "source"}
_SECTIONS = {"ruleset", "rule", "remove", "change"}


@dataclass
class Layer:
    """One folder as read: the TOML document and, per table, the header and the rows with their line."""

    folder: Path
    settings: dict
    toml: dict
    text: str
    headers: dict[str, list[str]] = field(default_factory=dict)
    rows: dict[str, list[tuple[int, dict[str, str]]]] = field(default_factory=dict)

    @property
    def derived(self) -> bool:
        return bool(self.settings.get("base"))

    def at_rule(self, rule: str) -> str:
        """Where a rule stands, for messages: `rules.toml row 12, rule 7.1`."""
        found = re.search(rf'^id\s*=\s*"{re.escape(rule)}"', self.text, re.MULTILINE)
        row = f" row {self.text.count(chr(10), 0, found.start()) + 1}" if found else ""
        return f"{self.folder.name}/rules.toml{row}, rule {rule}"


def read_layer(folder: Path, faults: list[str]) -> Layer:
    """Read one folder. Faults: unreadable TOML, unknown sections, unknown or misshapen CSV files."""
    path = folder / "rules.toml"
    try:
        text = path.read_text(encoding="utf-8")
        document = tomllib.loads(text)
    except RecursionError:
        faults.append(f"{folder.name}/rules.toml cannot be read: its lists are nested too deep. Correct the file.")
        return Layer(folder, {}, {}, "")
    except (OSError, ValueError) as error:  # not UTF-8, not TOML, a number of thousands of digits
        faults.append(f"{folder.name}/rules.toml cannot be read: {error}. Correct the file.")
        return Layer(folder, {}, {}, "")
    settings = document.get("ruleset", {})
    if not isinstance(settings, dict):
        faults.append(f"{folder.name}/rules.toml: ruleset is not a section. Write [ruleset].")
        settings = {}
    layer = Layer(folder, settings, document, text)
    at = f"{folder.name}/rules.toml"
    for section in sorted(document.keys() - _SECTIONS):
        faults.append(f"{at}: section [{section}] is not known. Use one of {', '.join(sorted(_SECTIONS))}.")
    for section in _SECTIONS - {"ruleset"}:
        entries = document.get(section, [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            faults.append(f"{at}: {section} is not a list of sections. Write [[{section}]].")
    for setting in sorted(settings.keys() - _SETTINGS):
        faults.append(f"{at} [ruleset]: {setting} is not known. Use one of {', '.join(sorted(_SETTINGS))}.")
    for setting, kind in (("id", str), ("activity_year", int), ("status", str), ("source", str)):
        if type(settings.get(setting)) is not kind:
            faults.append(f"{at} [ruleset]: {setting} is missing or not a {kind.__name__}. Write it.")
    if settings.get("status") not in (None, "final", "draft"):
        faults.append(f"{at} [ruleset]: status '{settings['status']}' is not known. Use final or draft.")
    for file in sorted(folder.glob("*.csv")):
        if file.stem in TABLES:
            _read_table(layer, file, faults)
        else:
            faults.append(
                f"{folder.name}/{file.name} is not a table of a rule set. "
                f"Rename it to one of {', '.join(TABLES)}, or remove it."
            )
    if not layer.derived:
        for name in TABLES:
            if name not in layer.headers:
                faults.append(
                    f"{folder.name}/{name}.csv is missing. Add the table (a header alone will do), "
                    "or name a base set in [ruleset]."
                )
    return layer


def _read_table(layer: Layer, file: Path, faults: list[str]) -> None:
    table, at = TABLES[file.stem], f"{layer.folder.name}/{file.name}"
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            header = [column.strip() for column in next(reader, [])]
            rows = [(reader.line_num, cells) for cells in reader if cells]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        faults.append(f"{at} cannot be read: {error}. Save it as CSV in UTF-8 with comma between fields.")
        return
    allowed = set(table.columns) | ({"change"} if layer.derived else set())
    required = set(table.key) if layer.derived else set(table.columns)
    for column in sorted(set(header) - allowed):
        faults.append(
            f"{at} row 1: column '{column}' is not known. Remove it; the columns are {', '.join(table.columns)}."
        )
    for column in sorted(required - set(header)):
        faults.append(f"{at} row 1: column '{column}' is missing. Add it.")
    for column in sorted({c for c in header if header.count(c) > 1}):
        faults.append(f"{at} row 1: column '{column}' is given twice. Keep one.")
    layer.headers[file.stem] = header
    layer.rows[file.stem] = []
    if required - set(header):
        return
    for line, cells in rows:
        if len(cells) != len(header):
            faults.append(
                f"{at} row {line}: {len(cells)} fields where the header has {len(header)}. "
                "Quote values that hold a comma."
            )
            continue
        layer.rows[file.stem].append((line, dict(zip(header, (c.strip() for c in cells), strict=True))))


def merge_tables(layers: list[Layer], disabled: set[str], faults: list[str]) -> dict[str, dict[tuple, dict]]:
    """Lay the rows of each layer over those below: table -> key -> cells (text) and `_at`, their place."""
    tables: dict[str, dict[tuple, dict]] = {name: {} for name in TABLES}
    for layer in layers:
        known = {c.get("id") for c in layer.toml.get("change", [])}
        _remove_rows(layer, tables, disabled, faults)
        for name, rows in layer.rows.items():
            table = TABLES[name]
            seen: dict[tuple, int] = {}
            for line, given in rows:
                at = f"{layer.folder.name}/{name}.csv row {line}"
                cells = dict(given)
                change = cells.pop("change", "")
                if change and change not in known:
                    faults.append(f"{at}: change '{change}' is not declared. Add a [[change]] with this id.")
                if change in disabled:
                    continue
                key = tuple(normal(table.columns[c], cells.get(c, "")) for c in table.key)
                if (key, change) in seen:
                    faults.append(
                        f"{at}: key {_show(table.key, key)} is already in row {seen[key, change]}. "
                        "Keep one of the rows."
                    )
                    continue
                seen[key, change] = line
                below = tables[name].get(key, {})
                if layer.derived and not below and (lacking := _lacking(table, cells)):
                    faults.append(f"{at}: {_unknown_row(table, key, tables[name], lacking)}")
                    continue
                kept = {c: v for c, v in below.items() if c not in cells or not cells[c]}
                tables[name][key] = {**cells, **kept, "_at": at, "_layer": str(layer.folder)}
    return tables


def _lacking(table: Table, cells: dict[str, str]) -> list[str]:
    """Columns without a value that a new row needs."""
    return [column for column, kind in table.columns.items() if not kind.endswith("?") and not cells.get(column)]


def _unknown_row(table: Table, key: tuple[str, ...], known: Iterable[tuple], lacking: list[str]) -> str:
    """A key that the base lacks, the nearest that it has, and what a new row would need."""
    near = nearest(key[-1], {k[-1] for k in known if k[:-1] == key[:-1]})
    return (
        f"{_show(table.key, key)} is not in the base{'; the nearest are ' + ', '.join(near) if near else ''}. "
        f"Correct the key, or give {', '.join(lacking)} for a new row."
    )


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """Up to three words of `known` that are spelled most like `word`, the most like first."""
    return difflib.get_close_matches(word, sorted(known), n=3, cutoff=0.5)


def _remove_rows(layer: Layer, tables: dict, disabled: set[str], faults: list[str]) -> None:
    for entry in layer.toml.get("remove", []):
        if entry.get("change") in disabled or "rule" in entry:
            continue
        name, given = entry.get("table"), entry.get("key", {})
        at = f"{layer.folder.name}/rules.toml [[remove]] of {name}"
        if name not in TABLES or set(given) != set(TABLES[name].key):
            faults.append(
                f"{at}: key {given} is not complete. Give `rule`, or `table` and `key` with all of "
                f"{', '.join(TABLES[name].key) if name in TABLES else 'a known table'}."
            )
            continue
        key = tuple(normal(TABLES[name].columns[c], str(given[c])) for c in TABLES[name].key)
        if tables[name].pop(key, None) is None:
            faults.append(f"{at}: {_show(TABLES[name].key, key)} is not in the base. Remove the entry.")


def normal(kind: str, text: str) -> str:
    """The form in which keys are compared: codes upper case, whole numbers without leading zeros."""
    if kind.startswith("code"):
        return text.upper()
    if kind.startswith("int") and _INTEGER.fullmatch(text):
        return str(int(text))
    return text


def _show(names: tuple[str, ...], key: tuple) -> str:
    return ", ".join(f"{n} {v or '(empty)'}" for n, v in zip(names, key, strict=True))


def typed_rows(name: str, rows: dict[tuple, dict], faults: list[str]) -> list[dict]:
    """Cells as text → values as Decimal, int, date, bool, str or None; `_at` is kept."""
    result = []
    for cells in rows.values():
        row = {"_at": cells["_at"], "_layer": cells["_layer"]}
        for column, kind in TABLES[name].columns.items():
            row[column] = value(kind, cells.get(column, ""), f"{cells['_at']}: {column}", faults)
        result.append(row)
    return result


def value(kind: str, text: str, at: str, faults: list[str]):
    """One cell as a value of its kind, never a binary fraction. A fault is noted with its place."""
    optional, kind = kind.endswith("?"), kind.removesuffix("?")
    if text == "":
        if not optional:
            faults.append(f"{at} is empty. Give a value.")
        return None
    if kind in DECIMALS:
        whole, _, decimals = text.partition(".")
        if not _NUMBER.fullmatch(text):
            faults.append(f"{at} '{text}' is not a number. Write it with digits and a decimal point.")
        elif len(decimals) > DECIMALS[kind]:
            faults.append(f"{at} '{text}' has more than {DECIMALS[kind]} decimals. Round it.")
        elif len(whole) > _DIGITS[kind]:
            faults.append(f"{at} '{text}' is too large. Correct it.")
        else:
            return Decimal(text)
        return None
    if kind == "int":
        if not _INTEGER.fullmatch(text):
            faults.append(f"{at} '{text}' is not a whole number. Write digits only.")
        elif len(text) > _DIGITS["int"]:
            faults.append(f"{at} '{text}' is too large. Correct it.")
        else:
            return int(text)
        return None
    if kind == "flag":
        if text not in ("0", "1"):
            faults.append(f"{at} '{text}' is neither 0 nor 1. Write 1 for yes, 0 for no.")
            return None
        return text == "1"
    if kind == "date":
        try:
            return date.fromisoformat(text)
        except ValueError:
            faults.append(f"{at} '{text}' is not a date. Write YYYY-MM-DD.")
            return None
    if kind == "code":
        return text.upper()
    if "|" in kind and text not in kind.split("|"):
        faults.append(f"{at} '{text}' is not known. Use {', '.join(kind.split('|'))}.")
        return None
    return text
