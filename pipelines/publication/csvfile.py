"""CSV that a Norwegian Excel opens with a double click: `;`, UTF-8 with BOM, decimal comma, CRLF."""

from decimal import Decimal
from pathlib import Path

from pipelines.publication.tables import Rows

# What a spreadsheet takes for the start of a formula, also behind spaces and in the wide forms of East Asian fonts.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_GUARD = "'"
_QUOTED = (";", '"', "\r", "\n")


def guarded(value: str) -> str:
    """Text as text: what a spreadsheet would take for a formula gets a leading apostrophe."""
    core = value.lstrip(_GUARD)
    is_formula = core.startswith(FORMULA_STARTS) or core.lstrip().startswith(FORMULA_STARTS)
    return _GUARD + value if is_formula else value


def unguarded(value: str) -> str:
    """The text that `guarded` was given."""
    text = value.removeprefix(_GUARD)
    return text if guarded(text) == value else value


def text_cell(value: str) -> str:
    """Text as text, quoted as in RFC 4180."""
    value = guarded(value)
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
