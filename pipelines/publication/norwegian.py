"""Norwegian number format for reports: 1 234 567,89 with non-breaking spaces and a real minus sign.

Everything here is text for people. Files for machines (Parquet, CSV, workbook) carry plain numbers.
Rounding is half away from zero, as money is rounded everywhere in the settlement.
"""

from decimal import ROUND_HALF_UP, Decimal

NBSP = "\u00a0"
MINUS = "\u2212"
_ALPHABET = str.maketrans({"æ": "{", "ø": "|", "å": "}", "ä": "{", "ö": "|"})


def rounded(value: Decimal | int, decimals: int) -> Decimal:
    """`value` with `decimals` decimals, half away from zero."""
    return Decimal(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def number(value: Decimal | int | float | None, decimals: int = 0, sign: bool = False) -> str:
    """`1234567.891`, 2 → `1 234 567,89`; None → an en dash. `sign` puts a plus before positive numbers."""
    if value is None:
        return "–"
    exact = rounded(Decimal(str(value)) if isinstance(value, float) else value, decimals)
    digits = f"{abs(exact):,.{decimals}f}".replace(",", NBSP).replace(".", ",")
    if exact == 0:
        return digits
    return (MINUS if exact < 0 else "+" if sign else "") + digits


def exact(value: Decimal | int | None) -> str:
    """The number with all the decimals it has."""
    return number(value, max(0, -int(value.as_tuple().exponent)) if isinstance(value, Decimal) else 0)


def on_screen(text: str) -> str:
    """The text with ordinary spaces, as columns of a terminal need them."""
    return text.replace(NBSP, " ")


def points(value: Decimal | None, sign: bool = False) -> str:
    """ISF points, three decimals."""
    return number(value, 3, sign)


def money(value: Decimal | None, sign: bool = False) -> str:
    """Kroner and øre, without unit."""
    return number(value, 2, sign)


def percent(part: Decimal | int | None, whole: Decimal | int | None, decimals: int = 1) -> str:
    """`part` of `whole` as `12,3 %`; an en dash where there is no whole."""
    if part is None or not whole:
        return "–"
    return number(100 * Decimal(part) / Decimal(whole), decimals) + NBSP + "%"


def date(value) -> str:
    """A date as `01.05.2025`."""
    return "–" if value is None else value.strftime("%d.%m.%Y")


def alphabetical(text: str | None) -> tuple[bool, str]:
    """Sort key of the Norwegian alphabet (æ, ø, å last); missing text first."""
    return (text is not None, (text or "").casefold().translate(_ALPHABET))


_MONTHS = [
    "januar", "februar", "mars", "april", "mai", "juni",
    "juli", "august", "september", "oktober", "november", "desember",
]  # fmt: skip


def month(name: str) -> str:
    """`2025-03` as `mars`."""
    return _MONTHS[int(name[5:7]) - 1]


def period(first, last) -> str:
    """`1. januar–30. april 2025`, with non-breaking spaces inside each date."""
    start = f"{first.day}.{NBSP}{_MONTHS[first.month - 1]}"
    if first.year != last.year:
        start += f"{NBSP}{first.year}"
    return f"{start} – {last.day}.{NBSP}{_MONTHS[last.month - 1]}{NBSP}{last.year}"
