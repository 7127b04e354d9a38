"""What is wrong with a table file that has hardly any column of the contract: one sentence, not one per column.

What belongs here: recognising what stands where the column names belong. What does not: single columns that are missing
(`pipelines/delivery/load.py`). A first line may be a row, so none is quoted but for names of the contract.
Source: `docs/delivery.md`, sections 2 and 3.
"""

from __future__ import annotations

import csv
from pathlib import Path

from pipelines.delivery.contract import OPTIONAL, Table
from pipelines.delivery.csv import Unreadable, first_lines
from pipelines.delivery.source import Source

_FEW = 5  # fewer than one in so many of the required columns: then the names are not the file's trouble, but its form
_SEPARATORS = {",": "commas", "\t": "tabs", "|": "vertical bars", ":": "colons"}
_EXCEL = "sep="


def wrong_header(table: Table, source: Source) -> str | None:
    """The cause and the remedy where a file has hardly any of the required columns; None where it has some."""
    names = [d.name for d in source.columns]
    required = {c.name for c in table.columns if c.need != OPTIONAL}
    if _FEW * len(required.intersection(names)) >= len(required):
        return None
    if source.csv is not None and (cause := _cause_in_csv(table, source.csv.path, names)):
        return cause
    other = {_letters(c.name): c.name for c in table.columns}
    written = [(name, other[_letters(name)]) for name in names if _letters(name) in other]
    if 2 * len(written) >= len(required):
        found, right = next((found, right) for found, right in written if found != right)
        return (
            f"its column names are written in other letters ({found} for {right}). "
            f"Write them as in {_page(table)}; upper and lower case matter"
        )
    if source.csv is None:
        return f"has hardly any column of {table.name}. Give the columns the names in {_page(table)}"
    if len(names) == 1:
        return (
            "has one column only. Separate the fields with ; and write the column names on the first line "
            f"({_page(table)})"
        )
    return (
        f"its first line has {len(names)} fields, and hardly one is a column of {table.name}. "
        f"Write the column names on the first line ({_page(table)})"
    )


def _cause_in_csv(table: Table, path: Path, names: list[str]) -> str | None:
    first = ";".join(names)
    if "\0" in first:
        return "is not UTF-8 text but probably UTF-16 (it holds bytes of zero). Save it as UTF-8"
    if first.strip('"').lower().startswith(_EXCEL):
        used = _SEPARATORS.get(first.strip('"')[len(_EXCEL) :][:1])
        also = f", and separate the fields with ; instead of {used}" if used else ""
        return (
            f"its first line is the {_EXCEL} line that Excel asks for. "
            f"Delete it, so that the column names come first{also}"
        )
    for separator, word in _SEPARATORS.items():
        if _holds_names(table, first.split(separator)):
            return f"its fields are separated by {word}. Separate them with ;"
    try:
        below = first_lines(path)[1:]
    except Unreadable:
        return None
    for number, line in enumerate(below, 2):
        if _holds_names(table, next(csv.reader([line], delimiter=";"), [])):
            return (
                f"its column names are on line {number}, with something else above them. "
                "Delete what is above, so that they come first"
            )
    return None


def _holds_names(table: Table, fields: list[str]) -> bool:
    """Whether at least two of these, and half of the required columns, are columns of the table in any letters."""
    found = {_letters(field) for field in fields}
    required = {_letters(c.name) for c in table.columns if c.need != OPTIONAL}
    return len(fields) > 1 and 2 * len(found & required) >= len(required)


def _letters(name: str) -> str:
    """A name without what programs change in it: case, quotes, spaces and underscores."""
    return "".join(c for c in name.lower() if c.isalnum())


def _page(table: Table) -> str:
    return f"docs/delivery.md, section 2, {table.name}"
