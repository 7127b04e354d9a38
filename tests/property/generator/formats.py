"""The same values in other formats: as pandas, SAS and databases write them."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..plain.landing import COLUMNS
from ..plain.parsing import parse
from .build import SECOND, Builder


def dress(b: Builder) -> None:
    """Write some of the readable numbers, dates and times otherwise; an end at midnight sometimes as 24:00."""
    share = b.r.choice([0, 5, 25])
    for table, rows in b.tables.items():
        columns = [(c, kind.split(":")[0]) for c, (kind, _) in COLUMNS[table].items()]
        for row in rows if share else []:
            for column, kind in columns:
                text = row[column].strip()
                if kind in OTHER and text and b.chance(share) and parse(COLUMNS[table][column][0], text) is not None:
                    row[column] = OTHER[kind](b, text)


def number(b: Builder, text: str) -> str:
    return text if "." in text or "," in text else text + b.r.choice([".0", ",0", ".00", ",000", ".000000"])


def amount(b: Builder, text: str) -> str:
    if "." in text or "," in text:
        return b.r.choice([text.replace(",", "."), text.replace(".", ","), text + "00"])
    return text + b.r.choice([".0", ",00", ".0000000"])


def day(b: Builder, text: str) -> str:
    return text[:10] + b.r.choice([" 00:00:00.000", "T00:00:00", " 00:00", "T00:00:00,0"])


def start(b: Builder, text: str) -> str:
    """A time of day with a fraction of a second that is rounded to it."""
    if len(text) == 10 or "." in text or "," in text:
        return text
    moment = datetime.fromisoformat(text)
    fraction = b.r.choice(["0", "000", "4", "499999", "4999999999", "5", "500", "999999", "999999999"])
    if fraction[0] >= "5":
        moment -= SECOND
    return moment.isoformat(sep=b.r.choice(" T")) + b.r.choice(".,") + fraction


def end(b: Builder, text: str) -> str:
    """As a start; of midnight and of a date alone sometimes 24:00, which keeps its date."""
    midnight = text[11:] in ("00:00", "00:00:00")
    if (midnight or len(text) == 10) and b.chance(60):
        date = datetime.fromisoformat(text[:10]) - timedelta(days=midnight)
        return date.date().isoformat() + b.r.choice(["T24:00", " 24:00:00", "T24:00:00.000", " 24:00:00,0"])
    return text if text[11:13] == "24" else start(b, text)


OTHER = {"int": number, "town": number, "number": number, "decimal": amount, "date": day, "start": start, "end": end}
