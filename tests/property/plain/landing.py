"""Reads the rows as delivered: which are accepted, and which are quarantined and why.

The contract's words: a row is quarantined if a required value is missing, cannot be parsed or is outside
the values listed; an id occurs twice in the file; `utDatoTid` lies before `innDatoTid`; it has another
number of fields; or it is a child row whose episode is absent or quarantined. Of several reasons the first
in this order is given: wrong_field_count, missing_required, unparsable_required, value_not_listed,
duplicate_id, ends_before_start, parent_absent, parent_quarantined.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .model import BLANK, FIELDS, Condition, Delivery, Episode, Prescription
from .parsing import listed, parse

#: table -> column -> (kind, required value)
COLUMNS: dict[str, dict[str, tuple[str, bool]]] = {
    "episode": {
        "episodeID": ("text", True),
        "pasientID": ("text", True),
        "sektor": ("list:SOM,VOP,BUP,TSB", True),
        "institusjonID": ("text", True),
        "hf": ("text", True),
        "avdeling": ("text", True),
        "episodetype": ("list:A,K", True),
        "innDatoTid": ("start", True),
        "utDatoTid": ("end", False),
        "omsorgsniva": ("int", False),
        "kontaktType": ("int", False),
        "stedAktivitet": ("int", False),
        "indirekteAktivitet": ("int", False),
        "innmateHast": ("int", False),
        "inntilstand": ("int", False),
        "utTilstand": ("int", False),
        "fraSted": ("int", False),
        "tilSted": ("int", False),
        "debitor": ("int", False),
        "komNrHjem": ("town", False),
        "bydel": ("int", False),
        "kjonn": ("int", False),
        "fodselsar": ("int", False),
        "alderDager": ("int", False),
        "utskrKlarDato": ("date", False),
        "drg": ("code", False),
        "hdg": ("int", False),
        "npkOppholdID": ("text", False),
        "npkOppholdDRG": ("code", False),
        "npkOppholdISFPoeng": ("decimal", False),
    },
    "tilstand": {
        "episodeID": ("text", True),
        "tilstNr": ("int", True),
        "kodeNr": ("number:1,2", True),
        "kode": ("icd", True),
    },
    "prosedyre": {
        "episodeID": ("text", True),
        "prosNr": ("int", True),
        "kodeverk": ("list:K,M,R,F", True),
        "kode": ("code", True),
    },
    "helseperson": {"episodeID": ("text", True), "nr": ("int", True), "polUtforende": ("int", True)},
    "takst": {"episodeID": ("text", True), "takst": ("code", True)},
    "enhet": {
        "enhetID": ("text", True),
        "orgNr": ("text", False),
        "navn": ("text", False),
        "hf": ("text", True),
        "typeEnhet": ("int", False),
        "isfRefusjon": ("int", False),
    },
    "hresept": {
        "utleveringID": ("text", True),
        "pasientID": ("text", True),
        "utleveringsdato": ("date", True),
        "atc": ("code", False),
        "varenr": ("text", False),
        "refusjonsKodeResept": ("icd", False),
        "refusjonsKodeUtlevering": ("icd", False),
        "hf": ("text", False),
        "komNrHjem": ("town", False),
        "fodselsar": ("int", False),
        "belop": ("decimal", False),
    },
    "akonto": {
        "rhf": ("text", True),
        "sektor": ("list:SOM,PHVTSB", True),
        "maned": ("month", True),
        "belop": ("decimal", True),
    },
}

UNIQUE = {"episode": "episodeID", "enhet": "enhetID", "hresept": "utleveringID"}
CHILDREN = ("tilstand", "prosedyre", "helseperson", "takst")


@dataclass
class Landed:
    """Accepted things, the set-aside rows as (table, line, reason), the optional values of accepted rows that
    could not be parsed as (table, line, column), and how many values are given per optional column."""

    episodes: list[Episode]
    units: dict[str, int | None]
    prescriptions: list[Prescription]
    advances: list[tuple[str, str, date, Decimal]]
    quarantine: list[tuple[str, int, str]]
    rows_in: dict[str, int]
    unparsed: list[tuple[str, int, str]]
    given: Counter[tuple[str, str]]

    @property
    def not_to_be_published(self) -> set[tuple[str, str]]:
        """What stops publication unless the user says so: (file, "") with more than 1 % of its rows set aside,
        (file, column) with more than 1 % of the values given in an optional column unreadable."""
        aside = Counter((table, "") for table, _, _ in self.quarantine)
        unreadable = Counter((table, column) for table, _, column in self.unparsed)
        too_many = {key for key, count in aside.items() if count * 100 > self.rows_in[key[0]]}
        return too_many | {key for key, count in unreadable.items() if count * 100 > self.given[key]}


def read_row(table: str, row: dict[str, str]) -> tuple[dict, str | None]:
    """The row's parsed values (None = missing) and its own fault, if any."""
    values: dict = {}
    faults = set()
    for column, (kind, required) in COLUMNS[table].items():
        text = (row.get(column) or "").strip()
        value = parse(kind, text) if text else None
        values[column] = value
        if required and not text:
            faults.add("missing_required")
        elif required and value is None:
            faults.add("unparsable_required")
        elif required and not listed(kind, value):
            faults.add("value_not_listed")
    if FIELDS in row:
        return values, "wrong_field_count"
    for fault in ("missing_required", "unparsable_required", "value_not_listed"):
        if fault in faults:
            return values, fault
    return values, None


def unparsed_columns(row: dict[str, str], values: dict) -> list[str]:
    """Columns of an accepted row that say something that cannot be parsed: it counts as missing, a finding."""
    return [column for column, value in values.items() if value is None and (row.get(column) or "").strip()]


def lines_of(rows: list[dict[str, str]]) -> list[int]:
    """The physical line where each record starts: a quoted value may hold line breaks, and blank lines are no
    rows; the header is 1."""
    lines, line = [], 2
    for row in rows:
        line += int(row.get(BLANK, "0"))
        lines.append(line)
        written = [] if row.get(FIELDS) == "one" else row.values()
        line += 1 + sum(value.count("\n") for value in written)
    return lines


def ends_before_start(values: dict) -> bool:
    """`utDatoTid` before `innDatoTid`, by dates, and by times where both are known; not where both lie in the
    hour that occurs twice."""
    start, end = values["innDatoTid"], values["utDatoTid"]
    if start is None or end is None:
        return False
    if end.day != start.day:
        return end.day < start.day
    if start.in_the_hour_that_occurs_twice and end.in_the_hour_that_occurs_twice:
        return False
    return start.known and end.known and end.time < start.time


def land(delivery: Delivery) -> Landed:
    """Judge every row of every table."""
    landed = Landed([], {}, [], [], [], {}, [], Counter())
    accepted: dict[str, list[dict]] = {}
    ids_in_file: set[str] = set()
    ids_accepted: set[str] = set()
    for table in COLUMNS:
        rows = delivery.tables.get(table, [])
        landed.rows_in[table] = len(rows)
        read = [read_row(table, row) for row in rows]
        key = UNIQUE.get(table)
        # An id "occurs" on every row with the right number of fields, whatever else is wrong with the row.
        occurs = Counter(values[key] for values, fault in read if fault != "wrong_field_count") if key else {}
        accepted[table] = []
        lines = list(range(1, len(rows) + 1)) if table in delivery.parquet else lines_of(rows)
        for row, (values, own_fault), line in zip(rows, read, lines, strict=True):
            fault = own_fault
            if fault is None and key and occurs[values[key]] > 1:
                fault = "duplicate_id"
            if fault is None and table == "episode" and ends_before_start(values):
                fault = "ends_before_start"
            if fault is None and table in CHILDREN and values["episodeID"] not in ids_accepted:
                known = values["episodeID"] in ids_in_file
                fault = "parent_quarantined" if known else "parent_absent"
            if fault is None:
                accepted[table].append(values)
                landed.given.update((table, column) for column in values if (row.get(column) or "").strip())
                landed.unparsed += [(table, line, column) for column in unparsed_columns(row, values)]
            else:
                landed.quarantine.append((table, line, fault))
        if table == "episode":
            ids_in_file = {i for i in occurs if i is not None}
            ids_accepted = {values["episodeID"] for values in accepted["episode"]}
    _build(accepted, landed)
    return landed


def _build(accepted: dict[str, list[dict]], landed: Landed) -> None:
    """Turn the accepted rows into things."""
    by_id = {}
    for v in accepted["episode"]:
        episode = Episode(
            id=v["episodeID"],
            patient=v["pasientID"],
            sektor=v["sektor"],
            institution=v["institusjonID"],
            trust=v["hf"],
            unit=v["avdeling"],
            is_contact=v["episodetype"] == "K",
            start=v["innDatoTid"],
            end=v["utDatoTid"],
            care_level=v["omsorgsniva"],
            contact_type=v["kontaktType"],
            place=v["stedAktivitet"],
            urgency=v["innmateHast"],
            state_in=v["inntilstand"],
            debitor=v["debitor"],
            municipality=v["komNrHjem"],
            birth_year=v["fodselsar"],
            ready=v["utskrKlarDato"],
            reported_drg=v["drg"],
            reported_hdg=v["hdg"],
            npk_drg=v["npkOppholdDRG"],
        )
        by_id[episode.id] = episode
        landed.episodes.append(episode)
    for v in accepted["tilstand"]:
        by_id[v["episodeID"]].conditions.append(Condition(v["tilstNr"], v["kodeNr"], v["kode"]))
    for v in accepted["prosedyre"]:
        by_id[v["episodeID"]].procedures.append(v["kode"])
    for v in accepted["helseperson"]:
        by_id[v["episodeID"]].personnel.append(v["polUtforende"])
    for v in accepted["takst"]:
        by_id[v["episodeID"]].tariffs.append(v["takst"])
    for v in accepted["enhet"]:
        landed.units[v["enhetID"]] = v["isfRefusjon"]
    for v in accepted["hresept"]:
        landed.prescriptions.append(
            Prescription(
                id=v["utleveringID"],
                patient=v["pasientID"],
                day=v["utleveringsdato"],
                atc=v["atc"],
                item=v["varenr"],
                code_prescribed=v["refusjonsKodeResept"],
                code_dispensed=v["refusjonsKodeUtlevering"],
                trust=v["hf"],
                municipality=v["komNrHjem"],
                amount=v["belop"],
            )
        )
    for v in accepted["akonto"]:
        landed.advances.append((v["rhf"], v["sektor"], v["maned"], v["belop"]))
