"""A delivery under construction: rows are added as text, the way a hospital would write them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from ..plain.landing import COLUMNS
from ..plain.model import Delivery
from . import pools

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def at(day: date, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute, second))


class Builder:
    """Collects the rows of one delivery; every choice is made by `r`."""

    def __init__(self, r: Random, tertial: int, number: int, patients: int):
        self.r = r
        self.tertial = tertial
        self.number = number
        self.tables: dict[str, list[dict[str, str]]] = {name: [] for name in COLUMNS}
        self.used: set[str] = set()
        self.broken: dict[str, str] | None = None
        self.anchors = r.sample(pools.ANCHORS[tertial], k=3)
        self.patients = r.sample(pools.PATIENTS, k=min(patients, len(pools.PATIENTS)))
        self.institutions = r.sample(pools.INSTITUTIONS, k=2)
        self.trusts = r.sample(pools.TRUSTS, k=2)
        self.home = {p: r.choice(pools.MUNICIPALITIES) for p in self.patients}
        self.born = {p: str(r.choice([1950, 1998, 1999, 1999, 2000, 2007, 2008, 2015])) for p in self.patients}

    def chance(self, percent: int) -> bool:
        return self.r.randint(1, 100) <= percent

    def new_id(self) -> str:
        """A new id; ids that differ in case or leading zeros only are different ids."""
        while True:
            number = self.r.choice([9, 10, 100, 99, 1, 2, 20, self.r.randint(3, 999)])
            name = f"{self.r.choice(pools.ID_PREFIXES)}{number}"
            if name not in self.used:
                self.used.add(name)
                return name

    def add(self, table: str, **values: str) -> dict[str, str]:
        row = {column: "" for column in COLUMNS[table]}
        assert set(values) <= set(row), values
        row.update(values)
        self.tables[table].append(row)
        return row

    def moment(self, value: datetime, known: bool = True) -> str:
        """The moment as text; without the time of day if it is not known."""
        if not known:
            return value.date().isoformat()
        text = value.isoformat(sep=self.r.choice("T ") if self.chance(30) else "T")
        return text[:-3] if value.second == 0 and self.chance(50) else text

    def day(self, spread: int = 2) -> date:
        return self.r.choice(self.anchors) + timedelta(days=self.r.randint(0, spread))

    def somewhere(self) -> tuple[str, str]:
        """Institution and trust; mostly the first."""
        i = 1 if self.chance(25) else 0
        return self.institutions[i], self.trusts[1 if self.chance(15) else i]

    def episode(
        self,
        patient: str,
        start: datetime,
        end: datetime | None,
        drg: str,
        *,
        kind: str = "K",
        sektor: str = "SOM",
        icd: str | list[tuple[str, str, str]] = "",
        codes: list[str] | None = None,
        persons: list[str] | None = None,
        tariffs: list[str] | None = None,
        known: tuple[bool, bool] | None = None,
        where: tuple[str, str] | None = None,
        **over: str,
    ) -> dict[str, str]:
        """One episode and its child rows, by default one that is included."""
        institution, trust = where or self.somewhere()
        if known is None:
            known = (not self.chance(15), not self.chance(15))
        row = self.add(
            "episode",
            episodeID=self.new_id(),
            pasientID=patient,
            sektor=sektor,
            institusjonID=institution,
            hf=trust,
            avdeling=self.r.choice(["U1", "U1", "U1", "u1", "10", "U5"]),
            episodetype=kind,
            innDatoTid=self.moment(start, known[0]),
            utDatoTid=self.moment(end, known[1]) if end else "",
            omsorgsniva=self.r.choice(["1", "2", "3", ""]),
            kontaktType="" if kind == "A" else self.r.choice(["1", "2", "6", "", "2"]),
            stedAktivitet="1" if self.chance(85) else self.r.choice(["3", "4", "5", "04"]),
            innmateHast=self.r.choice(["1", "4", "4", "04", "5", ""]),
            inntilstand=self.r.choice(["1", "1", "3", ""]),
            debitor=self.r.choice(pools.DEBITORS),
            komNrHjem=self.home[patient] if self.chance(94) else self.r.choice(pools.MUNICIPALITIES),
            fodselsar=self.born[patient] if self.chance(94) else self.r.choice(pools.BIRTH_YEARS),
            kjonn="1",
            drg=drg,
        )
        row.update(over)
        if persons is None:
            persons = [self.r.choice(pools.ELIGIBLE) for _ in range(self.r.choice([1, 1, 1, 2]))]
        if isinstance(icd, str):
            icd = [("1", "1", icd or self.r.choice(pools.ICD))]
        self.children(row["episodeID"], icd, codes or [], persons, tariffs or [])
        return row

    def children(self, episode_id: str, conditions, codes, persons, tariffs) -> None:
        for number, code_number, code in conditions:
            self.add("tilstand", episodeID=episode_id, tilstNr=number, kodeNr=code_number, kode=code)
        for i, code in enumerate(codes, 1):
            system = self.r.choice("KMRF")
            self.add("prosedyre", episodeID=episode_id, prosNr=str(i), kodeverk=system, kode=code)
        for i, person in enumerate(persons, 1):
            self.add("helseperson", episodeID=episode_id, nr=str(i), polUtforende=person)
        for tariff in tariffs:
            self.add("takst", episodeID=episode_id, takst=tariff)

    def delivery(self) -> Delivery:
        return Delivery(2025, self.tertial, self.number, self.tables)
