"""CSV that a Norwegian Excel opens with a double click: `;`, UTF-8 with BOM, decimal comma, CRLF."""

from decimal import Decimal
from pathlib import Path

from pipelines.publication.tables import Rows

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_QUOTED = (";", '"', "\r", "\n")


def text_cell(value: str) -> str:
    """Text as text: what a spreadsheet would take for a formula gets a leading apostrophe; quoted as in RFC
    4180."""
    if value.startswith(FORMULA_STARTS):
        value = "'" + value
    if any(mark in value for mark in _QUOTED):
        return '"' + value.replace('"', '""') + '"'
    return value


def number_cell(value: Decimal | int | float) -> str:
    """A number in full, with decimal comma and without thousands separator; never altered otherwise."""
    return (f"{value:f}" if isinstance(value, Decimal) else str(value)).replace(".", ",")


def render(table: Rows) -> bytes:
    """The whole file. A missing value is an empty field."""
    lines = [";".join(text_cell(name) for name in table.columns)]
    for row in table.rows:
        cells = (
            "" if value is None else number_cell(value) if numeric else text_cell(str(value))
            for value, numeric in zip(row, table.numeric, strict=True)
        )
        lines.append(";".join(cells))
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode("utf-8")


def write(table: Rows, path: Path) -> None:
    """Writes `render(table)` to `path`."""
    path.write_bytes(render(table))
