"""Deliveries written by hand for the examples: one line an episode."""

from __future__ import annotations

from .calculator import Result, calculate
from .plain.landing import COLUMNS
from .plain.model import Delivery


class Hand:
    """Rows of a delivery with quiet defaults: everything is included unless something is said."""

    def __init__(self, tertial: int = 3):
        self.tables: dict[str, list[dict[str, str]]] = {name: [] for name in COLUMNS}
        self.tertial = tertial
        self.row("enhet", enhetID="U1", hf="993467049", isfRefusjon="1")

    def row(self, table: str, **values: str) -> dict[str, str]:
        row = {column: "" for column in COLUMNS[table]}
        assert set(values) <= set(row), values
        row.update(values)
        self.tables[table].append(row)
        return row

    def episode(
        self,
        episode_id: str,
        drg: str,
        start: str,
        end: str,
        *,
        icd: str = "",
        other: str = "",
        codes: str = "",
        persons: str = "2",
        tariffs: str = "",
        **over: str,
    ) -> None:
        """A department stay if the id starts with "a", otherwise a contact."""
        values = {
            "episodeID": episode_id,
            "pasientID": "p",
            "sektor": "VOP" if drg.startswith(("TD", "ZD", "XD")) else "SOM",
            "institusjonID": "974589095",
            "hf": "993467049",
            "avdeling": "U1",
            "episodetype": "A" if episode_id.startswith("a") else "K",
            "innDatoTid": start,
            "utDatoTid": end,
            "debitor": "1",
            "komNrHjem": "0301",
            "drg": drg,
        }
        self.row("episode", **{**values, **over})
        for code in icd.split():
            self.row("tilstand", episodeID=episode_id, tilstNr="1", kodeNr="1", kode=code)
        for code in other.split():
            self.row("tilstand", episodeID=episode_id, tilstNr="2", kodeNr="1", kode=code)
        for code in codes.split():
            self.row("prosedyre", episodeID=episode_id, prosNr="1", kodeverk="M", kode=code)
        for person in persons.split():
            self.row("helseperson", episodeID=episode_id, nr="1", polUtforende=person)
        for tariff in tariffs.split():
            self.row("takst", episodeID=episode_id, takst=tariff)

    def prescription(self, line_id: str, day: str, atc: str, icd: str, **over: str) -> None:
        values = {"utleveringID": line_id, "pasientID": "p", "utleveringsdato": day, "atc": atc}
        values |= {"refusjonsKodeUtlevering": icd, "hf": "993467049", "komNrHjem": "0301"}
        self.row("hresept", **{**values, **over})

    def delivery(self) -> Delivery:
        return Delivery(2025, self.tertial, 1, self.tables)

    def settle(self, drg_source: str = "main_episode") -> Result:
        return calculate(self.delivery(), drg_source)


def stays(result: Result) -> dict[str, list[str]]:
    """Stay id -> ids of its episodes."""
    return {s.id: sorted(e.id for e in s.episodes) for s in result.stays}


def rules(result: Result, unit: str) -> dict[str, str]:
    """Rule -> points, as text, of one unit."""
    return {rule: str(points) for (_, unit_id, rule), points in result.ledger.items() if unit_id == unit}


def total(result: Result, unit: str) -> str:
    return next(str(points) for (_, unit_id), points in result.unit_sums.items() if unit_id == unit)
