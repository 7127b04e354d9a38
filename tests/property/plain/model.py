"""The things the plain calculator works with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

#: A row as delivered: column name -> text. A row that is to be written with a field too many or too few
#: carries this key with the value "more", "fewer" or "one".
FIELDS = "*fields"
#: How many blank lines lie before the row.
BLANK = "*blank"
#: A column that the contract does not know; its values may hold line breaks.
EXTRA = "ukjentKolonne"

ZERO = Decimal("0.000")
HOUR = timedelta(hours=1)


@dataclass
class Delivery:
    """The rows of a delivery as delivered, before anything is read or judged.

    The tables named in `parquet` lie as Parquet: their rows are numbered, not their lines.
    """

    year: int
    tertial: int
    number: int
    tables: dict[str, list[dict[str, str]]]
    parquet: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        return f"{self.year}-T{self.tertial}-{self.number}"


@dataclass(frozen=True)
class Moment:
    """A reported point of time: a date, and a time of day if that was reported."""

    day: date
    time: timedelta | None

    @property
    def known(self) -> bool:
        return self.time is not None

    @property
    def as_start(self) -> datetime:
        """A time of day that is not reported counts as 00:00 for a start."""
        return datetime(self.day.year, self.day.month, self.day.day) + (self.time or timedelta(0))

    @property
    def as_end(self) -> datetime:
        """... and as 24:00 of the same date for an end."""
        time = timedelta(hours=24) if self.time is None else self.time
        return datetime(self.day.year, self.day.month, self.day.day) + time

    @property
    def in_the_hour_that_occurs_twice(self) -> bool:
        """02:00-03:00, both limits included, on the date when summer time ends: the last Sunday of October."""
        sunday_in_last_week = self.day.month == 10 and self.day.day > 31 - 7 and self.day.isoweekday() == 7
        return sunday_in_last_week and self.known and 2 * HOUR <= self.time <= 3 * HOUR


def elapsed(start: Moment, end: Moment) -> timedelta | None:
    """The difference of the clock times, only where both times of day are reported. An end before its start,
    which is possible only in the hour that occurs twice, came 60 minutes later than the clock says."""
    if not (start.known and end.known):
        return None
    difference = end.as_end - start.as_start
    return difference if difference >= timedelta(0) else difference + HOUR


@dataclass(frozen=True)
class Condition:
    number: int
    code_number: int
    code: str

    @property
    def is_main(self) -> bool:
        return self.number == 1 and self.code_number == 1


@dataclass
class Episode:
    """An accepted episode with its child rows, and what the rules find out about it."""

    id: str
    patient: str
    sektor: str
    institution: str
    trust: str
    unit: str
    is_contact: bool
    start: Moment
    end: Moment | None
    care_level: int | None
    contact_type: int | None
    place: int | None
    urgency: int | None
    state_in: int | None
    debitor: int | None
    municipality: int | None
    birth_year: int | None
    ready: date | None
    reported_drg: str | None
    reported_hdg: int | None
    npk_drg: str | None
    conditions: list[Condition] = field(default_factory=list)
    procedures: list[str] = field(default_factory=list)
    personnel: list[int] = field(default_factory=list)
    tariffs: list[str] = field(default_factory=list)
    reason: str = ""
    drg: str | None = None
    hdg: int | None = None
    weight: Decimal = ZERO

    @property
    def sector(self) -> str:
        """`SOM` or `PHVTSB` (VOP, BUP and TSB are all PHVTSB)."""
        return "SOM" if self.sektor == "SOM" else "PHVTSB"

    @property
    def main_condition_row(self) -> int | None:
        """Of several codes reported as main condition the alphabetically lowest counts."""
        rows = [i for i, c in enumerate(self.conditions) if c.is_main]
        return min(rows, key=lambda i: (self.conditions[i].code, i)) if rows else None

    @property
    def main_condition(self) -> str | None:
        row = self.main_condition_row
        return None if row is None else self.conditions[row].code

    @property
    def duration(self) -> timedelta:
        """Elapsed time; unknown (a time of day is missing) counts as 0."""
        return elapsed(self.start, self.end) or timedelta(0)

    def birth_year_in(self, activity_year: int) -> int | None:
        """A birth year after the activity year or more than 130 years before it counts as missing."""
        if self.birth_year is None or not activity_year - 130 <= self.birth_year <= activity_year:
            return None
        return self.birth_year


@dataclass
class Prescription:
    """An accepted H-resept line."""

    id: str
    patient: str
    day: date
    atc: str | None
    item: str | None
    code_prescribed: str | None
    code_dispensed: str | None
    trust: str | None
    municipality: int | None
    amount: Decimal | None
    reason: str = ""


@dataclass
class Stay:
    """A stay and what the rulebook says it is made of."""

    episodes: list[Episode]
    main: Episode
    sector: str
    drg: str = ""
    non_isf: bool = False

    @property
    def first(self) -> Episode:
        """First episode: earliest start, then smallest id."""
        return min(self.episodes, key=lambda e: (e.start.as_start, e.id))

    @property
    def id(self) -> str:
        return self.first.id

    @property
    def patient(self) -> str:
        return self.main.patient

    @property
    def institution(self) -> str:
        return self.main.institution

    @property
    def start(self) -> Moment:
        """First start; of equal starts that with a reported time."""
        return min((e.start for e in self.episodes), key=lambda m: (m.as_start, not m.known))

    @property
    def end(self) -> Moment:
        """Last end; of equal ends that with the later date, then that with a reported time."""
        return max((e.end for e in self.episodes), key=lambda m: (m.as_end, m.day, m.known))

    @property
    def has_department_stay(self) -> bool:
        return any(not e.is_contact for e in self.episodes)

    @property
    def outpatient(self) -> bool:
        """ "Outpatient stay" = a stay without department stay."""
        return not self.has_department_stay

    @property
    def inpatient_phvtsb(self) -> bool:
        return self.sector == "PHVTSB" and self.has_department_stay

    @property
    def length(self) -> int:
        """Whole days between the dates of first start and last end."""
        return (self.end.day - self.start.day).days

    @property
    def effective_length(self) -> int:
        """To the lowest `utskrKlarDato` in the stay if it is earlier than the last end, never below 0."""
        ready = [e.ready for e in self.episodes if e.ready is not None]
        last = self.end.day
        if ready and min(ready) < last:
            last = min(ready)
        return max((last - self.start.day).days, 0)

    @property
    def overnight(self) -> bool:
        """ "Overnight" = length of stay >= 1 and the stay contains a department stay."""
        return self.length >= 1 and self.has_department_stay

    @property
    def duration(self) -> timedelta | None:
        """Elapsed time from first start to last end, only where both these times are reported."""
        return elapsed(self.start, self.end)

    @property
    def procedures(self) -> set[str]:
        return {code for e in self.episodes for code in e.procedures}

    @property
    def tariffs(self) -> set[str]:
        return {code for e in self.episodes for code in e.tariffs}

    @property
    def other_conditions(self) -> list[str]:
        """The stay's condition rows other than its main condition's row (asterisk codes too)."""
        found = []
        for e in self.episodes:
            for i, condition in enumerate(e.conditions):
                if not (e is self.main and i == e.main_condition_row):
                    found.append(condition.code)
        return found


@dataclass
class Candidate:
    """What could make a service: a procedure on an episode, or an H-resept line."""

    stg: str
    sector: str
    patient: str
    order: tuple
    moment: datetime
    day: date
    trust: str
    municipality: int | None
    missing_indication: bool = False


@dataclass
class Service:
    id: str
    stg: str
    sector: str
    patient: str
    period: str
    status: str
    first: Candidate


@dataclass
class Pathway:
    id: str
    tfg: str
    patient: str
    trust: str
    municipality: int
    members: list[tuple[str, str]]
