"""How a delivered value becomes a typed one: SQL expressions per kind of the contract and type of the file.

What belongs here: reading one value. What does not: judging a row (`pipelines/delivery/rows.py`).
Two steps: `clean` takes white space away and makes what is empty NULL; `parse` makes the typed value of what
is left, NULL if it is not one. Columns that a Parquet file holds in their type cost next to nothing.
Source of the forms: `docs/delivery.md`.
"""

from __future__ import annotations

import math
import re

from pipelines.delivery.contract import TIMES, Column

# What Python's str.strip() takes away.
SPACES = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B)))
SPACES += "\u2028\u2029\u202f\u205f\u3000"

_EDGES = "(?s)[!-~](.*[!-~])?"  # text that starts and ends with a visible ASCII character
_YEAR = "(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})"
_DATE = _YEAR + "-[0-9]{2}-[0-9]{2}"
_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]"
_ZEROS = "[.,]0+"  # a fraction of zeros, as programs write that have no whole numbers
_PATTERN = {
    "number": f"[+-]?0*[0-9]{{1,19}}({_ZEROS})?",
    "municipality": f"[+-]?0*[0-9]{{1,19}}({_ZEROS})?",
    "date": _DATE,
    "time": f"{_DATE}([T ]{_CLOCK}(:[0-5][0-9])?)?",
    "month": _YEAR + "-(0[1-9]|1[0-2])",
    "amount": "[+-]?[0-9]+([.,][0-9]+)?",
    "points": "[+-]?[0-9]+([.,][0-9]+)?",
}
_FRACTION = f"{_DATE}[T ]{_CLOCK}:[0-5][0-9][.,][0-9]+"
_DATE_AT_MIDNIGHT = f"{_DATE}[T ]00:00(:00({_ZEROS})?)?"
_END_OF_DATE = f"{_DATE}[T ]24:00(:00({_ZEROS})?)?"
_AFTER_LAST_YEAR = "'10000-01-01'"
_SMALL = {"TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT"}
_WHOLE = _SMALL | {"BIGINT", "UINTEGER", "UBIGINT", "HUGEINT"}
# Floating types and the bits of the whole number that each carries (IEEE 754). DuckDB reads HALF as FLOAT.
_FLOAT = {"HALF": 11, "FLOAT": 24, "DOUBLE": 53}
_TIMESTAMP = {"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"}
# Types that hold one plain value that can be read exactly; what is not of the column's kind is unreadable.
_READABLE = (
    _WHOLE | _FLOAT.keys() | _TIMESTAMP | {"VARCHAR", "BOOLEAN", "DATE", "TIME", "TIME_NS", "INTERVAL", "UUID", "BIT"}
)
_TEXT_KINDS = {"text", "code", "icd10"}
_ORE, _LAST_DECIMAL = 0.01, {"amount": 0.000001, "points": 0.001}


def quoted(text: str) -> str:
    """A SQL text literal."""
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    """A SQL identifier."""
    return '"' + text.replace('"', '""') + '"'


def accepts(file_type: str) -> str | None:
    """None if a column of a Parquet file can be read exactly, else what is wrong and the remedy."""
    if file_type == "TIMESTAMP WITH TIME ZONE":
        return "is a time with a time zone. Write local Norwegian time without a zone"
    if file_type.endswith("]") or file_type.startswith(("STRUCT", "MAP", "UNION")):
        return f"holds {file_type.split('(')[0].lower()} values. Write one plain value per row"
    if wide := re.fullmatch(r"decimal\((\d+),(\d+)\)", file_type):  # a type that DuckDB does not have
        return (
            f"is of type {file_type}, and more than 38 digits cannot be read exactly. "
            f"Write it as decimal(38,{min(int(wide[2]), 38)}) or narrower, or as text"
        )
    if file_type not in _READABLE and not file_type.startswith("DECIMAL("):
        return f"is of type {file_type.lower()}, which cannot be read. Write it as text"
    return None


def clean(file_type: str, x: str) -> str:
    """The column `x` of a Parquet file with NULL for everything that means missing, text trimmed.

    Most text needs no trimming and is spotted first; then blanks, which nearly always are enough; then the
    rest of Unicode's white space, which is dear. NaN is how pandas writes a missing number.
    """
    if file_type in _FLOAT:
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
        return file_type not in _FLOAT
    return column.kind in ("number", "municipality") and file_type in _SMALL | {column.type}


def parse(column: Column, file_type: str, x: str) -> str:
    """The cleaned column `x` as a value of `column`, of type `column.type`; NULL if it cannot be one."""
    kind, is_decimal = column.kind, file_type.startswith("DECIMAL")
    if kind in _TEXT_KINDS:
        if file_type in _FLOAT:  # 983974724.0 is an organisation number; 12.1 may have been written 12.10
            x = f"(case when {x} = trunc({x}) and {_exact(file_type, x, 1)} then {x}::bigint::varchar end)"
        elif is_decimal:
            x = f"(case when {x} = trunc({x}) then {x}::hugeint::varchar else {x}::varchar end)"
        elif file_type != "VARCHAR":
            x = f"{x}::varchar"
        return _text(column, x)
    if kind in ("number", "municipality"):
        if always_parses(column, file_type):
            return f"{x}::{column.type}"
        if file_type in _WHOLE:
            return f"try_cast({x} as {column.type})"
        if file_type in _FLOAT or is_decimal:
            exact = f" and {_exact(file_type, x, 1)}" if file_type in _FLOAT else ""
            return f"case when {x} = trunc({x}){exact} then try_cast({x} as {column.type}) end"
    if kind in ("amount", "points"):
        if file_type in _FLOAT:
            return _amount(column, file_type, x)
        if is_decimal or file_type in _WHOLE:
            return f"try_cast({x} as {column.type})"
    if kind in ("date", *TIMES) and (file_type in _TIMESTAMP or file_type == "DATE"):
        return _calendar(column, file_type, x)
    return _from_text(column, x if file_type == "VARCHAR" else f"{x}::varchar")


def time_known(file_type: str, x: str, value: str) -> str:
    """Whether the time of day was reported in the cleaned column `x`, whose typed value is `value`."""
    if file_type in _TIMESTAMP:
        return f"{value} is not null"
    return f"{value} is not null and contains({x}::varchar, ':')" if file_type == "VARCHAR" else "false"


def ends_its_date(file_type: str, x: str, value: str) -> str:
    """Whether the cleaned column `x` is written as 24:00, which only text can be; `value` is the date at 00:00 then."""
    if file_type != "VARCHAR":
        return "false"
    written = f"coalesce(substring({x}, 12, 2) = '24', false)"
    return f"case when epoch_us({value}) % 86400000000 = 0 then {written} else false end"


def _text(column: Column, x: str) -> str:
    if column.kind == "text":
        return x
    if column.kind == "code":
        return f"upper({x})"
    bare = f"replace(upper({x}), '.', '')"
    return bare if column.need == "value" else f"nullif({bare}, '')"


def _exact(file_type: str, x: str, step: float) -> str:
    """Whether the numbers of a floating type lie no further apart around `x` than `step`.

    Where they do, two numbers that differ by `step` may be written as the same one, so what was meant is unknown. A
    number that was rounded when it was written is caught too: rounding does not lead from the limit, a number of the
    type itself, to below it.
    """
    limit = math.ldexp(1.0, _FLOAT[file_type] + math.floor(math.log2(step)))
    return f"abs({x}::double) < {limit!r}::double"


def _amount(column: Column, file_type: str, x: str) -> str:
    """The shortest decimal number that gives the floating one `x`, rounded as the column's kind is, where no other of
    as many decimals gives it: all that the kind has, or two where it is an amount of whole øre."""
    # By way of a wide decimal: DuckDB rounds 5e-07 wrongly to few decimals, and small numbers are shown so.
    value = f"try_cast(try_cast({x}::varchar as decimal(38, 20)) as {column.type})"
    exact = _exact(file_type, x, _LAST_DECIMAL[column.kind])
    if column.kind == "amount":
        exact = f"({exact} or {value} = round({value}, 2) and {_exact(file_type, x, _ORE)})"
    return f"case when {exact} then {value} end"


def _calendar(column: Column, file_type: str, x: str) -> str:
    """DATE and TIMESTAMP columns; years outside 1-9999 are no values, nor is a date with a time of day."""
    in_range = f"{x} >= '0001-01-01'::{file_type} and {x} < {_AFTER_LAST_YEAR}::{file_type}"
    if file_type == "TIMESTAMP_NS":  # has no such years
        in_range = "true"
    if file_type == "DATE":
        return f"case when {in_range} then {x}::{column.type} end"
    if column.kind == "date":
        return f"case when {in_range} and {x} = {x}::date::{file_type} then {x}::date end"
    if file_type == "TIMESTAMP_S":
        return f"case when {in_range} then {x}::timestamp end"
    time = f"{x}::timestamp"
    nearest = f"nullif(date_trunc('second', {time} + interval 500 milliseconds), {_AFTER_LAST_YEAR}::timestamp)"
    return f"case when not ({in_range}) then null when epoch_us({time}) % 1000000 = 0 then {time} else {nearest} end"


def _from_text(column: Column, x: str) -> str:
    """Text that must have the form of its kind, else NULL.

    A cast accepts more than the form, so the form decides; a number that reads back as it was written has it.
    """
    form = quoted(_PATTERN["time" if column.kind in TIMES else column.kind])
    if column.kind == "month":
        return f"case when regexp_full_match({x}, {form}) then {x} end"
    if column.kind in ("amount", "points"):
        return f"case when regexp_full_match({x}, {form}) then try_cast(replace({x}, ',', '.') as {column.type}) end"
    cast = f"try_cast({x} as {column.type})"
    if column.kind in ("number", "municipality"):
        whole = f"try_cast(regexp_extract({x}, '^[^.,]+') as {column.type})"
        return f"case when {cast}::varchar = {x} then {cast} when regexp_full_match({x}, {form}) then {whole} end"
    at_midnight = f"try_cast(substring({x}, 1, 10) as {column.type})"
    if column.kind == "date":
        other = f"when regexp_full_match({x}, {quoted(_DATE_AT_MIDNIGHT)}) then {at_midnight}"
    else:
        # Half a second and more, whatever the digits behind, is rounded up, over midnight into the next date too.
        second = f"try_cast(substring({x}, 1, 19) as timestamp)"
        nearest = f"{second} + to_seconds(if(substring({x}, 21, 1) >= '5', 1, 0))"
        nearest = f"nullif({nearest}, {_AFTER_LAST_YEAR}::timestamp)"
        other = f"when regexp_full_match({x}, {quoted(_FRACTION)}) then {nearest}"
    if column.kind == "end":
        other += f" when regexp_full_match({x}, {quoted(_END_OF_DATE)}) then {at_midnight}"
    return f"case when regexp_full_match({x}, {form}) then {cast} {other} end"
