"""How a delivered value becomes a typed one: SQL expressions per kind of the contract and type of the file.

What belongs here: reading one value. What does not: judging a row (`pipelines/load_rows.py`).
Two steps: `clean` takes white space away and makes what is empty NULL; `parse` makes the typed value of what
is left, NULL if it is not one. Columns that a Parquet file holds in their type cost next to nothing.
Source of the forms: `docs/delivery.md`.
"""

from __future__ import annotations

from pipelines.delivery.contract import Column

# What Python's str.strip() takes away.
SPACES = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B)))
SPACES += "\u2028\u2029\u202f\u205f\u3000"

_EDGES = "(?s)[!-~](.*[!-~])?"  # text that starts and ends with a visible ASCII character
_YEAR = "(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})"
_DATE = _YEAR + "-[0-9]{2}-[0-9]{2}"
_PATTERN = {
    "number": "[+-]?0*[0-9]{1,19}",
    "municipality": "[+-]?0*[0-9]{1,19}",
    "date": _DATE,
    "time": _DATE + "([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?)?",
    "month": _YEAR + "-(0[1-9]|1[0-2])",
    "amount": "[+-]?[0-9]+([.,][0-9]+)?",
    "points": "[+-]?[0-9]+([.,][0-9]+)?",
}
_SMALL = {"TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT"}
_WHOLE = _SMALL | {"BIGINT", "UINTEGER", "UBIGINT", "HUGEINT"}
_TIMESTAMP = {"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"}
_TEXT_KINDS = {"text", "code", "icd10"}


def quoted(text: str) -> str:
    """A SQL text literal."""
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    """A SQL identifier."""
    return '"' + text.replace('"', '""') + '"'


def accepts(file_type: str) -> str | None:
    """None if a column of a Parquet file can be read at all, else what is wrong and the remedy."""
    if file_type == "TIMESTAMP WITH TIME ZONE":
        return "is a time with a time zone. Write local Norwegian time without a zone"
    if file_type.endswith("]") or file_type.startswith(("STRUCT", "MAP", "UNION")):
        return f"holds {file_type.split('(')[0].lower()} values. Write one plain value per row"
    return None


def clean(file_type: str, x: str) -> str:
    """The column `x` of a Parquet file with NULL for everything that means missing, text trimmed.

    Most text needs no trimming and is spotted first; then blanks, which nearly always are enough; then the
    rest of Unicode's white space, which is dear. NaN is how pandas writes a missing number.
    """
    if file_type in ("FLOAT", "DOUBLE"):
        return f"case when not isnan({x}) then {x} end"
    if file_type != "VARCHAR":
        return x
    return (
        f"case when regexp_full_match({x}, '{_EDGES}') then {x} when trim({x}) = '' then null "
        f"when regexp_full_match(trim({x}), '{_EDGES}') then trim({x}) "
        f"else nullif(trim({x}, {quoted(SPACES)}), '') end"
    )


def read_code(column: Column, x: str) -> str:
    """Clean and parse a column of codes in one: a plain code, as nearly all are, needs one look only."""
    whole = parse(column, "VARCHAR", f"({clean('VARCHAR', x)})")
    return f"case when regexp_full_match({x}, '[A-Z0-9]+') then {x} else {whole} end"


def always_parses(column: Column, file_type: str) -> bool:
    """Whether every value of this type is a value of the column."""
    if column.kind in _TEXT_KINDS:
        return True
    return column.kind in ("number", "municipality") and file_type in _SMALL | {column.type}


def parse(column: Column, file_type: str, x: str) -> str:
    """The cleaned column `x` as a value of `column`, of type `column.type`; NULL if it cannot be one."""
    kind, number = column.kind, file_type in ("FLOAT", "DOUBLE") or file_type.startswith("DECIMAL")
    whole = f"{x} = trunc({x}) and abs({x}) < 1e18"
    if kind in _TEXT_KINDS:
        if number:  # 983974724.0 is an organisation number
            x = f"(case when {whole} then {x}::bigint::varchar else {x}::varchar end)"
        elif file_type != "VARCHAR":
            x = f"{x}::varchar"
        return _text(column, x)
    if kind in ("number", "municipality"):
        if always_parses(column, file_type):
            return f"{x}::{column.type}"
        if file_type in _WHOLE:
            return f"try_cast({x} as {column.type})"
        if number:
            return f"case when {whole} then try_cast({x} as {column.type}) end"
    if kind in ("amount", "points") and (number or file_type in _WHOLE):
        return f"try_cast({x} as {column.type})"
    if kind in ("time", "date") and (file_type in _TIMESTAMP or file_type == "DATE"):
        return _calendar(column, file_type, x)
    return _from_text(column, x if file_type == "VARCHAR" else f"{x}::varchar")


def time_known(file_type: str, x: str, value: str) -> str:
    """Whether the time of day was reported in the cleaned column `x`, whose typed value is `value`."""
    if file_type in _TIMESTAMP:
        return f"{value} is not null"
    return f"{value} is not null and contains({x}::varchar, ':')" if file_type == "VARCHAR" else "false"


def _text(column: Column, x: str) -> str:
    if column.kind == "text":
        return x
    if column.kind == "code":
        return f"upper({x})"
    bare = f"replace(upper({x}), '.', '')"
    return bare if column.need == "value" else f"nullif({bare}, '')"


def _calendar(column: Column, file_type: str, x: str) -> str:
    """DATE and TIMESTAMP columns: fractions of a second are cut off, years outside 1-9999 are no values."""
    in_range = f"{x} >= '0001-01-01'::{file_type} and {x} < '10000-01-01'::{file_type}"
    if file_type == "TIMESTAMP_NS":  # has no such years
        in_range = "true"
    if file_type == "DATE":
        return f"case when {in_range} then {x}::{column.type} end"
    if column.kind == "time":
        return f"case when {in_range} then date_trunc('second', {x}::timestamp) end"
    return f"case when {in_range} and {x}::timestamp = {x}::date then {x}::date end"


def _from_text(column: Column, x: str) -> str:
    """Text that must have the form of its kind, else NULL.

    A cast accepts more than the form, so the form decides; a number that reads back as it was written has it.
    """
    if column.kind == "month":
        cast = x
    elif column.kind in ("amount", "points"):
        cast = f"try_cast(replace({x}, ',', '.') as {column.type})"
    else:
        cast = f"try_cast({x} as {column.type})"
    plain = f"when {cast}::varchar = {x} then {cast} " if column.kind in ("number", "municipality") else ""
    return f"case {plain}when regexp_full_match({x}, {quoted(_PATTERN[column.kind])}) then {cast} end"
