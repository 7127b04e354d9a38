"""The delivery contract as data: which tables a delivery has, which columns, and how each value is read.

What belongs here: names, kinds and requirements, one row per column, as `docs/delivery.md` describes them.
What does not: reading, parsing or judging; see `pipelines/delivery/values.py` for how a kind is read.
"""

from __future__ import annotations

from dataclasses import dataclass

# Kinds of values, and the DuckDB type each has in schema `landing`.
KIND_TYPE = {
    "text": "VARCHAR",  # ids, organisation numbers, names: trimmed only
    "code": "VARCHAR",  # DRG, procedure, tariff and ATC codes: trimmed, upper case
    "icd10": "VARCHAR",  # trimmed, upper case, dots removed
    "number": "BIGINT",  # every other code: a whole number, `01` = 1
    "municipality": "INTEGER",  # a whole number of a municipality, `0301` = 301
    "time": "TIMESTAMP",  # a date, or a date with a time of day
    "end": "TIMESTAMP",  # a time, or the midnight that ends its date, 24:00
    "date": "DATE",
    "month": "VARCHAR",  # YYYY-MM
    "amount": "DECIMAL(18,6)",  # NOK, below 10^12 so that no sum of them overflows
    "points": "DECIMAL(18,3)",  # ISF points
}

TIMES = ("time", "end")

# Summer time ends on the last Sunday of October (directive 2000/84/EC, article 3): that date, in any year, has the hour
# from 02:00 to 03:00 twice, so an end within it may lie before its start.
SUMMER_TIME_ENDS = {"month": 10, "isodow": 7, "from_day": 25}
REPEATED_HOUR = ("02:00:00", "03:00:00")

VALUE = "value"  # ★ the column and a value are required
COLUMN = "column"  # ☆ the column is required, the value may be missing
OPTIONAL = "optional"  # the column may be absent


@dataclass(frozen=True)
class Column:
    """One column of the contract. `listed`: the only values accepted, None = any."""

    name: str
    kind: str
    need: str = OPTIONAL
    listed: tuple[str | int, ...] | None = None

    @property
    def type(self) -> str:
        return KIND_TYPE[self.kind]


@dataclass(frozen=True)
class Table:
    """One table of a delivery. `unique`: a column without repeated values; `child`: hangs on an episode."""

    name: str
    required: bool
    columns: tuple[Column, ...]
    unique: str | None = None
    child: bool = False

    def column(self, name: str | None) -> Column | None:
        return next((c for c in self.columns if c.name == name), None)

    @property
    def key(self) -> Column | None:
        """The column whose value may occur once."""
        return self.column(self.unique)


def _columns(*specs: tuple) -> tuple[Column, ...]:
    return tuple(Column(*spec) for spec in specs)


EPISODE = Table(
    "episode",
    True,
    _columns(
        ("episodeID", "text", VALUE),
        ("pasientID", "text", VALUE),
        ("sektor", "text", VALUE, ("SOM", "VOP", "BUP", "TSB")),
        ("institusjonID", "text", VALUE),
        ("hf", "text", VALUE),
        ("avdeling", "text", VALUE),
        ("episodetype", "text", VALUE, ("A", "K")),
        ("innDatoTid", "time", VALUE),
        ("utDatoTid", "end", COLUMN),
        ("omsorgsniva", "number", COLUMN),
        ("kontaktType", "number", COLUMN),
        ("stedAktivitet", "number", COLUMN),
        ("indirekteAktivitet", "number"),
        ("innmateHast", "number", COLUMN),
        ("inntilstand", "number", COLUMN),
        ("utTilstand", "number"),
        ("fraSted", "number"),
        ("tilSted", "number"),
        ("debitor", "number", COLUMN),
        ("komNrHjem", "municipality", COLUMN),
        ("bydel", "number"),
        ("kjonn", "number"),
        ("fodselsar", "number", COLUMN),
        ("alderDager", "number"),
        ("utskrKlarDato", "date", COLUMN),
        ("drg", "code", COLUMN),
        ("hdg", "number"),
        ("npkOppholdID", "text"),
        ("npkOppholdDRG", "code"),
        ("npkOppholdISFPoeng", "points"),
    ),
    unique="episodeID",
)

TILSTAND = Table(
    "tilstand",
    True,
    _columns(
        ("episodeID", "text", VALUE),
        ("tilstNr", "number", VALUE),
        ("kodeNr", "number", VALUE, (1, 2)),
        ("kode", "icd10", VALUE),
    ),
    child=True,
)

PROSEDYRE = Table(
    "prosedyre",
    True,
    _columns(
        ("episodeID", "text", VALUE),
        ("prosNr", "number", VALUE),
        ("kodeverk", "text", VALUE, ("K", "M", "R", "F")),
        ("kode", "code", VALUE),
    ),
    child=True,
)

HELSEPERSON = Table(
    "helseperson",
    True,
    _columns(("episodeID", "text", VALUE), ("nr", "number", VALUE), ("polUtforende", "number", VALUE)),
    child=True,
)

TAKST = Table("takst", False, _columns(("episodeID", "text", VALUE), ("takst", "code", VALUE)), child=True)

ENHET = Table(
    "enhet",
    True,
    _columns(
        ("enhetID", "text", VALUE),
        ("orgNr", "text"),
        ("navn", "text"),
        ("hf", "text", VALUE),
        ("typeEnhet", "number"),
        ("isfRefusjon", "number", COLUMN),
    ),
    unique="enhetID",
)

HRESEPT = Table(
    "hresept",
    False,
    _columns(
        ("utleveringID", "text", VALUE),
        ("pasientID", "text", VALUE),
        ("utleveringsdato", "date", VALUE),
        ("atc", "code", COLUMN),
        ("varenr", "text"),
        ("refusjonsKodeResept", "icd10", COLUMN),
        ("refusjonsKodeUtlevering", "icd10", COLUMN),
        ("hf", "text", COLUMN),
        ("komNrHjem", "municipality", COLUMN),
        ("fodselsar", "number"),
        ("belop", "amount"),
    ),
    unique="utleveringID",
)

AKONTO = Table(
    "akonto",
    False,
    _columns(
        ("rhf", "text", VALUE),
        ("sektor", "text", VALUE, ("SOM", "PHVTSB")),
        ("maned", "month", VALUE),
        ("belop", "amount", VALUE),
    ),
)

# Columns in whose texts hardly two are alike: not worth compressing.
IDS = frozenset({"episodeID", "pasientID", "utleveringID"})

# In the order of loading: the parent before its children.
TABLES = (EPISODE, TILSTAND, PROSEDYRE, HELSEPERSON, TAKST, ENHET, HRESEPT, AKONTO)

FORMATS = {".parquet": "parquet", ".csv": "csv", ".csv.gz": "csv.gz"}

# Reasons of quarantine; a row with several faults is filed under the first of them.
REASONS = (
    "wrong_field_count",
    "missing_required",
    "unparsable_required",
    "value_not_listed",
    "duplicate_id",
    "ends_before_start",
    "parent_absent",
    "parent_quarantined",
)
