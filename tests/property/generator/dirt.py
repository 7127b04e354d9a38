"""Breaks rows in every way the contract names."""

from __future__ import annotations

from ..plain.landing import CHILDREN, COLUMNS, UNIQUE
from ..plain.model import BLANK, EXTRA, FIELDS
from .build import Builder

_TIMES = ["2025-02-30", "20250101", "2025-1-1", "2025-01-01T10", "01.01.2025", "0", "2025-01-01T10:00:00."]
_TIMES += ["2025-01-01T24:01", "2025-01-01T24:00:00.5", "2025-01-01T10:00.5", "2025-01-01T10:00:00Z"]
BAD = {
    "int": ["x", "1.5", "1 2", "0x1", "--1", "1.01", "1.0.0", "1e0", "9" * 19, "1" + "0" * 40],
    "start": [*_TIMES, "2025-01-01T24:00", "2025-02-01 24:00:00.000"],
    "end": _TIMES,
    "date": ["2025-02-30", "20250101", "2025-01-01T10:00", "2025-01-01 00:00:00.1", "2025-01-01T24:00", "i dag"],
    "month": ["2025-13", "2025", "202501", "2025-01-01", "januar"],
    "decimal": ["x", "1.2.3", "1,2,3", "kr 5", "1e3"],
}
BAD["town"] = BAD["int"]
NOT_LISTED = {
    "sektor": ["som", "Som", "SOMATIKK", "PHVTSB", "X"],
    "episodetype": ["a", "k", "AK", "1"],
    "kodeverk": ["D", "k", "NCMP", "m"],
    "kodeNr": ["3", "0", "-1", "12", "3.0"],
}


def pick(b: Builder, table: str) -> dict[str, str] | None:
    """A row of the table, sometimes the one broken last, so that a row has two faults."""
    rows = b.tables[table]
    if not rows:
        return None
    if b.chance(25) and any(b.broken is row for row in rows):
        return b.broken
    b.broken = b.r.choice(rows)
    return b.broken


def missing(b: Builder, table: str) -> None:
    row = pick(b, table)
    column = b.r.choice([c for c, (_, required) in COLUMNS[table].items() if required])
    if row is not None:
        row[column] = b.r.choice(["", "", "   "])


def unparsable(b: Builder, table: str) -> None:
    """Required: quarantined. Optional: counts as missing."""
    kinds = {c: kind.split(":")[0].replace("number", "int") for c, (kind, _) in COLUMNS[table].items()}
    columns = [c for c, kind in kinds.items() if kind in BAD]
    row = pick(b, table)
    if row is not None and columns:
        column = b.r.choice(columns)
        row[column] = b.r.choice(BAD[kinds[column]])


def not_listed(b: Builder, table: str) -> None:
    columns = [c for c in COLUMNS[table] if c in NOT_LISTED]
    row = pick(b, table)
    if row is not None and columns:
        column = b.r.choice(columns)
        values = ["VOP", "TSB", "som"] if (table, column) == ("akonto", "sektor") else NOT_LISTED[column]
        row[column] = b.r.choice(values)


def duplicate(b: Builder, table: str) -> None:
    """The same row twice, another row with the id, or the id with spaces around it."""
    row = pick(b, table)
    key = UNIQUE.get(table)
    if row is None or key is None:
        return
    other = dict(row) if b.chance(50) else pick(b, table)
    if other is row:
        return
    other[key] = b.r.choice([row[key], row[key] + " ", " " + row[key]])
    if not any(other is existing for existing in b.tables[table]):
        b.tables[table].append(other)


def backwards(b: Builder, table: str) -> None:
    row = pick(b, "episode")
    if row is not None and row["utDatoTid"]:
        row["innDatoTid"], row["utDatoTid"] = row["utDatoTid"], row["innDatoTid"]


def backwards_by_a_minute(b: Builder, table: str) -> None:
    """Same date; an end without a time of day is never before its start."""
    row = pick(b, "episode")
    if row is not None:
        day = row["innDatoTid"].strip()[:10]
        row["innDatoTid"] = b.r.choice([f"{day}T10:01", f"{day} 10:00:01", day])
        row["utDatoTid"] = b.r.choice([f"{day} 10:00", f"{day}T10:00:00", day, f"{day}T00:00"])


def field_count(b: Builder, table: str) -> None:
    row = pick(b, table)
    if row is not None:
        row[FIELDS] = b.r.choice(["more", "fewer", "one"])


def orphan(b: Builder, table: str) -> None:
    row = pick(b, b.r.choice(CHILDREN))
    if row is not None:
        row["episodeID"] = b.r.choice(["absent", row["episodeID"].swapcase() + "0", "0" + row["episodeID"]])


def line_break(b: Builder, table: str) -> None:
    """A quoted value over several lines and blank lines move every following line number."""
    if b.tables["enhet"]:
        pick(b, "enhet")["navn"] = 'Avdeling "A"\nog; B'
    row = pick(b, table)
    if row is not None:
        column = b.r.choice([*COLUMNS[table], EXTRA])
        row[column] = b.r.choice(["{}\n", "\n{}", "{}\r\n \r\n"]).format(row.get(column, ""))
        row[BLANK] = b.r.choice(["0", "1", "2"])


def spaces(b: Builder, table: str) -> None:
    row = pick(b, table)
    if row is not None:
        column = b.r.choice(list(COLUMNS[table]))
        row[column] = f"  {row[column]} "


BREAKERS = [
    missing,
    unparsable,
    unparsable,
    not_listed,
    duplicate,
    duplicate,
    backwards,
    backwards_by_a_minute,
]
BREAKERS += [field_count, orphan, line_break, spaces]


def spread_dirt(b: Builder, amount: int) -> None:
    """Break about `amount` rows anywhere; a row may be broken twice."""
    tables = ["episode", "episode", *COLUMNS]
    for _ in range(amount):
        b.r.choice(BREAKERS)(b, b.r.choice(tables))
