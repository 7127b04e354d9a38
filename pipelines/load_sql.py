"""How a delivered value becomes a typed one: SQL expressions per kind of the contract and type of the file.

What belongs here: parsing one value. What does not: judging a row (`pipelines/load_rows.py`).
A value of text is trimmed of all Unicode white space, empty then means missing. A value that a Parquet file
already holds in its type costs no parsing. Source of the forms: `docs/delivery.md`.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.contract import Column

# What Python's str.strip() takes away.
_SPACES = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B)))
_SPACES += "\u2028\u2029\u202f\u205f\u3000"

_EDGES = "(?s)[!-~](.*[!-~])?"  # text that starts and ends with a visible ASCII character

_YEAR = "(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})"
_DATE = _YEAR + "-[0-9]{2}-[0-9]{2}"
_PATTERN = {
    "number": "[+-]?0*[0-9]{1,18}",
    "municipality": "[+-]?0*[0-9]{1,18}",
    "date": _DATE,
    "time": _DATE + "([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?)?",
    "month": _YEAR + "-(0[1-9]|1[0-2])",
    "amount": "[+-]?[0-9]+([.,][0-9]+)?",
    "points": "[+-]?[0-9]+([.,][0-9]+)?",
}
_WHOLE = {
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
    "HUGEINT",
}
_TIMESTAMP = {"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"}


@dataclass(frozen=True)
class Parsed:
    """Expressions of one column: the typed `value` (NULL = missing or not parsable), and `present` (boolean):
    something was delivered. `known`: the time of day was reported (kind time), with {v} for the value.
    `certain`: whatever is present has a value."""

    value: str
    present: str
    certain: bool = False
    known: str | None = None


def quoted(text: str) -> str:
    """A SQL text literal."""
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    """A SQL identifier."""
    return '"' + text.replace('"', '""') + '"'


def trimmed(x: str) -> str:
    """Text without white space around it; empty = NULL. Most text needs none of the work and is spotted first."""
    return f"case when regexp_full_match({x}, '{_EDGES}') then {x} else {_slow_trim(x)} end"


def _slow_trim(x: str) -> str:
    """Blanks first, which is cheap and nearly always enough; then the other white space of Unicode."""
    blanks = f"trim({x})"
    every = f"nullif(trim({x}, {quoted(_SPACES)}), '')"
    return f"case when {blanks} = '' then null when regexp_full_match({blanks}, '{_EDGES}') then {blanks} else {every} end"


def absent(column: Column) -> Parsed:
    """A column that the file does not have."""
    known = "false" if column.kind == "time" else None
    return Parsed(f"null::{column.type}", "false", certain=True, known=known)


def accepts(column: Column, file_type: str) -> str | None:
    """None if a column of a Parquet file can be read at all, else what is wrong and the remedy."""
    if file_type == "TIMESTAMP WITH TIME ZONE":
        return "is a time with a time zone. Write local Norwegian time without a zone"
    if file_type.endswith("]") or file_type.startswith(("STRUCT", "MAP", "UNION")):
        return f"holds {file_type.split('(')[0].lower()} values. Write one plain value per row"
    return None


def parse(column: Column, file_type: str, x: str, trim: bool = True) -> Parsed:
    """Expressions that read `x`, a column of `file_type` (a DuckDB type), as `column.kind`.

    `trim = False` leaves text of kind `text` as it is (for ids that are looked up first and trimmed if unknown).
    """
    if file_type in ("FLOAT", "DOUBLE"):
        x = f"(case when not isnan({x}) then {x} end)"  # how pandas writes a missing number
    if column.kind in ("text", "code", "icd10"):
        return _text(column, file_type, x, trim)
    if column.kind in ("number", "municipality") and (whole := _whole(column, file_type, x)):
        return whole
    if column.kind in ("amount", "points") and file_type.startswith(("DECIMAL", "FLOAT", "DOUBLE", *_WHOLE)):
        return Parsed(f"try_cast({x} as {column.type})", f"{x} is not null")
    if column.kind in ("time", "date") and (file_type in _TIMESTAMP or file_type == "DATE"):
        return _calendar(column, file_type, x)
    return _from_text(column, x if file_type == "VARCHAR" else f"{x}::varchar")


def _text(column: Column, file_type: str, x: str, trim: bool) -> Parsed:
    if file_type in ("FLOAT", "DOUBLE") or file_type.startswith("DECIMAL"):  # 983974724.0 is an id
        x = f"(case when {x} = trunc({x}) and abs({x}) < 1e18 then {x}::bigint::varchar else {x}::varchar end)"
    elif file_type != "VARCHAR":
        x = f"{x}::varchar"
    if not trim:
        return Parsed(x, f"{x} is not null", certain=True)
    if column.kind == "text":
        value = trimmed(x)
    else:
        value = f"upper({trimmed(x)})"
        if column.kind == "icd10":
            value = f"replace({value}, '.', '')"
            value = value if column.need == "value" else f"nullif({value}, '')"
        value = f"case when regexp_full_match({x}, '[A-Z0-9]+') then {x} else {value} end"
    return Parsed(value, f"({_slow_trim(x)}) is not null", certain=True)


def _whole(column: Column, file_type: str, x: str) -> Parsed | None:
    if file_type in _WHOLE:
        sure = file_type == column.type or (file_type in ("TINYINT", "SMALLINT", "INTEGER"))
        cast = f"{x}::{column.type}" if sure else f"try_cast({x} as {column.type})"
        return Parsed(cast, f"{x} is not null", certain=sure)
    if file_type in ("FLOAT", "DOUBLE") or file_type.startswith("DECIMAL"):
        value = f"case when {x} = trunc({x}) and abs({x}) < 1e18 then try_cast({x} as {column.type}) end"
        return Parsed(value, f"{x} is not null")
    return None


def _calendar(column: Column, file_type: str, x: str) -> Parsed:
    """DATE and TIMESTAMP columns: fractions of a second are cut off, years outside 1-9999 are no values."""
    in_range = f"{x} >= '0001-01-01' and {x} < '10000-01-01'"
    if file_type == "DATE":
        known = "false" if column.kind == "time" else None
        return Parsed(f"case when {in_range} then {x}::{column.type} end", f"{x} is not null", known=known)
    second = f"date_trunc('second', {x}::timestamp)"
    if column.kind == "time":
        value = f"case when {in_range} then {second} end"
        return Parsed(value, f"{x} is not null", known="{v} is not null")
    value = f"case when {in_range} and {x}::timestamp = {x}::date then {x}::date end"
    return Parsed(value, f"{x} is not null")


def _from_text(column: Column, x: str) -> Parsed:
    """Text that must have the form of its kind. What has it without trimming takes the short way."""
    pattern = quoted(_PATTERN[column.kind])

    def cast(text: str) -> str:
        if column.kind == "month":
            return text
        if column.kind in ("amount", "points"):
            return f"try_cast(replace({text}, ',', '.') as {column.type})"
        return f"try_cast({text} as {column.type})"

    slow = f"({_slow_trim(x)})"
    value = (
        f"case when regexp_full_match({x}, {pattern}) then {cast(x)} when {x} is null then null "
        f"when regexp_full_match({slow}, {pattern}) then {cast(slow)} end"
    )
    known = f"{{v}} is not null and contains({x}, ':')" if column.kind == "time" else None
    return Parsed(value, f"({_slow_trim(x)}) is not null", known=known)
