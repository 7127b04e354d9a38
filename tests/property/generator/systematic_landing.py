"""Rows with every fault of the contract in every column, alone and two at a time."""

from __future__ import annotations

from itertools import combinations

from ..hand import Hand
from ..plain.landing import CHILDREN, COLUMNS
from ..plain.model import FIELDS
from .dirt import BAD, NOT_LISTED

#: Values that can be read, each in its own way.
ODD = {
    "text": [" 7 ", "\t8", "9\u00a0", "0007", "Æ7", "a b", '"', ";", "=1"],
    "list": [],
    "code": [" 908b ", "908B", "x"],
    "icd": ["i21.0", " Z50.89", "I2.1"],
    "int": ["01", " 1 ", "0", "-1", "+1", "1.0", "301,00", "-2.000", "4294967297", str(2**63 - 1), str(-(2**63))],
    "date": ["2025-02-01", " 2025-02-01 ", "2025-02-01 00:00", "2025-02-01T00:00:00.000", "2025-02-01 00:00:00,0"],
    "month": ["2025-02", " 2025-03"],
    "decimal": ["1,5", "-2.25", "007", " 3 ", "-0", "1.0000000", "0.1234565", "123456789012345,67", "9" * 17, "9" * 40],
}
ODD["town"] = [*ODD["int"], "2147483647", "2147483648"]
ODD["start"] = ["2025-02-01", "2025-02-01 08:00", "2025-02-01T08:00:59", " 2025-02-01T08:00 ", "2025-02-01T00:00"]
ODD["start"] += ["2025-02-01T09:59:59.5", "2025-02-01 10:59:59,4999999999", "2025-01-31T23:59:59.999999999"]
ODD["end"] = [*ODD["start"], "2025-02-01T24:00", " 2025-02-01 24:00:00.000", "2025-02-01T24:00:00,0"]
ODD["end"] += ["2025-02-01T09:59:59.4", "2025-02-01T23:59:59.5", "2025-01-31T24:00", "9999-12-31", "9999-12-31T24:00"]
_UNREADABLE = ["2025-02-01T08:00:60", "2025-02-01T8:00", "2025-02-01T08:00:00.x", "2025-02-01  08:00", "2025-02-01T"]
UNREADABLE = {"start": _UNREADABLE, "end": _UNREADABLE}


def values_of(table: str, column: str) -> list[str]:
    """Missing, blank, unreadable, not listed and odd values for a column."""
    kind = COLUMNS[table][column][0].split(":")[0]
    if kind == "number":
        return ["", "x", "1.5", *NOT_LISTED[column], "2", "01", "1.0", "2,00", " +1 "]
    listed = ["VOP", "TSB"] if (table, column) == ("akonto", "sektor") else NOT_LISTED.get(column, [])
    return ["", "  ", *BAD.get(kind, []), *UNREADABLE.get(kind, []), *ODD[kind], *listed]


def quiet_rows(hand: Hand, number: int) -> dict[str, dict[str, str]]:
    """One good row in every table, belonging together; the tables' last rows."""
    hand.episode(
        f"k{number}",
        "908B",
        "2025-02-01T10:00",
        "2025-02-01T11:00",
        icd="M17",
        codes="WMGA28",
        tariffs="B53",
        pasientID=f"p{number}",
    )
    hand.prescription(f"h{number}", "2025-02-01", "L04AA", "G35", pasientID=f"p{number}")
    hand.row("enhet", enhetID=f"E{number}", hf="1", isfRefusjon="1")
    hand.row("akonto", rhf="991324968", sektor="SOM", maned="2025-02", belop="100")
    return {table: rows[-1] for table, rows in hand.tables.items()}


def one_fault() -> Hand:
    """Every column of every table with every value, on a row of its own."""
    hand = Hand()
    number = 0
    for table, columns in COLUMNS.items():
        for column in columns:
            for value in values_of(table, column):
                number += 1
                quiet_rows(hand, number)[table][column] = value
        for fields in ("more", "fewer", "one"):
            number += 1
            quiet_rows(hand, number)[table][FIELDS] = fields
    return hand


def two_faults() -> Hand:
    """Two faulty columns on one row; a faulty row with a field too many; a faulty row whose id is there
    twice; a faulty child of an absent, a faulty and a doubled parent."""
    hand = Hand()
    number = 0
    for table, columns in COLUMNS.items():
        faulty = {c: [v for v in values_of(table, c)[:4] if v != "  "] for c in columns if columns[c][1]}
        for one, two in combinations(faulty, 2):
            for pair in [(0, 1), (1, 0), (1, 1), (2, 0)]:
                number += 1
                row = quiet_rows(hand, number)[table]
                row[one] = faulty[one][pair[0] % len(faulty[one])]
                row[two] = faulty[two][pair[1] % len(faulty[two])]
        for column, values in faulty.items():
            number += 1
            row = quiet_rows(hand, number)[table]
            row[column], row[FIELDS] = values[0], "more"
            number += 1
            row = quiet_rows(hand, number)[table]
            double = dict(row)
            row[column] = values[-1]
            if column not in ("episodeID", "enhetID", "utleveringID"):
                hand.tables[table].append(double)
    for table in CHILDREN:
        for parent in ("absent", "faulty", "twice", "fields", "backwards"):
            for fault in ("", "missing", "fields"):
                number += 1
                rows = quiet_rows(hand, number)
                break_parent(hand, rows, parent)
                if fault:
                    column = list(COLUMNS[table])[1]
                    rows[table].update({column: ""} if fault == "missing" else {FIELDS: "fewer"})
    return hand


def break_parent(hand: Hand, rows: dict[str, dict[str, str]], how: str) -> None:
    episode = rows["episode"]
    if how == "absent":
        hand.tables["episode"].remove(episode)
    elif how == "twice":
        hand.tables["episode"].append({**episode, "pasientID": ""})
    elif how == "backwards":
        episode["utDatoTid"] = "2025-02-01T09:59:59"
    else:
        episode.update({"hf": ""} if how == "faulty" else {FIELDS: "more"})
