"""The delivery contract a second time, row by row in plain Python, to compare the loader with.

Written from the text of docs/delivery.md, not from the loader: small CSV files, and single floating numbers of Parquet.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np

TEXT, UPPER, ICD, WHOLE, TOWN, START, END, DAY, MONTH, MONEY, POINTS = range(11)
# Per table: column → (kind, required value, listed values).
EPISODE = {
    **{c: (TEXT, True, None) for c in ("episodeID", "pasientID")},
    "sektor": (TEXT, True, {"SOM", "VOP", "BUP", "TSB"}),
    **{c: (TEXT, True, None) for c in ("institusjonID", "hf", "avdeling")},
    "episodetype": (TEXT, True, {"A", "K"}),
    "innDatoTid": (START, True, None),
    "utDatoTid": (END, False, None),
    **{
        c: (WHOLE, False, None)
        for c in [
            "omsorgsniva",
            "kontaktType",
            "stedAktivitet",
            "indirekteAktivitet",
            "innmateHast",
            "inntilstand",
            "utTilstand",
            "fraSted",
            "tilSted",
            "debitor",
        ]
    },
    "komNrHjem": (TOWN, False, None),
    **{c: (WHOLE, False, None) for c in ("bydel", "kjonn", "fodselsar", "alderDager")},
    "utskrKlarDato": (DAY, False, None),
    "drg": (UPPER, False, None),
    "hdg": (WHOLE, False, None),
    "npkOppholdID": (TEXT, False, None),
    "npkOppholdDRG": (UPPER, False, None),
    "npkOppholdISFPoeng": (POINTS, False, None),
}
ID = {"episodeID": (TEXT, True, None)}
CONTRACT = {
    "episode": EPISODE,
    "tilstand": {
        **ID,
        "tilstNr": (WHOLE, True, None),
        "kodeNr": (WHOLE, True, {1, 2}),
        "kode": (ICD, True, None),
    },
    "prosedyre": {
        **ID,
        "prosNr": (WHOLE, True, None),
        "kodeverk": (TEXT, True, {"K", "M", "R", "F"}),
        "kode": (UPPER, True, None),
    },
    "helseperson": {**ID, "nr": (WHOLE, True, None), "polUtforende": (WHOLE, True, None)},
    "takst": {**ID, "takst": (UPPER, True, None)},
    "enhet": {
        "enhetID": (TEXT, True, None),
        "orgNr": (TEXT, False, None),
        "navn": (TEXT, False, None),
        "hf": (TEXT, True, None),
        "typeEnhet": (WHOLE, False, None),
        "isfRefusjon": (WHOLE, False, None),
    },
    "hresept": {
        "utleveringID": (TEXT, True, None),
        "pasientID": (TEXT, True, None),
        "utleveringsdato": (DAY, True, None),
        "atc": (UPPER, False, None),
        "varenr": (TEXT, False, None),
        "refusjonsKodeResept": (ICD, False, None),
        "refusjonsKodeUtlevering": (ICD, False, None),
        "hf": (TEXT, False, None),
        "komNrHjem": (TOWN, False, None),
        "fodselsar": (WHOLE, False, None),
        "belop": (MONEY, False, None),
    },
    "akonto": {
        "rhf": (TEXT, True, None),
        "sektor": (TEXT, True, {"SOM", "PHVTSB"}),
        "maned": (MONTH, True, None),
        "belop": (MONEY, True, None),
    },
}
UNIQUE = {"episode": "episodeID", "enhet": "enhetID", "hresept": "utleveringID"}
CHILDREN = ("tilstand", "prosedyre", "helseperson", "takst")
TIME = r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]([0-9]{2}:[0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]+))?)?)?"


def value(kind: int, text: str, required: bool) -> object:
    """The typed value, None if the text is not of the kind. A time is (datetime, time of day known, is 24:00):
    the midnight that ends a date stands on the date itself."""
    try:
        if kind == UPPER:
            return text.upper()
        if kind == ICD:
            return text.upper().replace(".", "") or ("" if required else None)
        if kind in (WHOLE, TOWN) and re.fullmatch(r"[+-]?[0-9]+([.,]0+)?", text):
            number = int(re.split("[.,]", text)[0])
            bits = 31 if kind == TOWN else 63
            return number if -(2**bits) <= number < 2**bits else None
        if kind in (START, END):
            return _time(text, kind == END)
        if kind == DAY and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]00:00(:00([.,]0+)?)?)?", text):
            return date.fromisoformat(text[:10])
        if kind == MONTH and re.fullmatch(r"[0-9]{4}-[0-9]{2}", text):
            return text if date.fromisoformat(text + "-01") else None
        if kind in (MONEY, POINTS) and re.fullmatch(r"[+-]?[0-9]+([.,][0-9]+)?", text):
            before, places = (12, Decimal("0.000001")) if kind == MONEY else (15, Decimal("0.001"))
            number = Decimal(text.replace(",", "."))
            rounded = number.quantize(places, ROUND_HALF_UP) if abs(number) < 10**before else number
            return rounded if abs(rounded) < 10**before else None
    except (ValueError, OverflowError):
        return None
    return text if kind == TEXT else None


def floating(kind: int, x: np.floating, required: bool) -> object:
    """The typed value of a floating number, None if it is none: where the numbers of its type lie further apart than
    the last digit of what is meant, nobody knows which one was meant."""
    if not np.isfinite(x):
        return None
    apart = Fraction(float(np.spacing(np.abs(x))))
    if kind in (TEXT, UPPER, ICD, WHOLE, TOWN):
        return value(kind, str(int(x)), required) if float(x).is_integer() and apart <= 1 else None
    if kind not in (MONEY, POINTS):
        return None
    as_shown = np.float32(x) if isinstance(x, np.float16) else x
    number = value(kind, f"{Decimal(str(as_shown)):f}", required)
    if number is None or kind == POINTS:
        return number if apart <= Fraction(1, 1000) else None
    is_whole_ore = number == number.quantize(Decimal("0.01"))
    return number if apart <= (Fraction(1, 100) if is_whole_ore else Fraction(1, 10**6)) else None


def _time(text: str, is_end: bool) -> tuple[datetime, bool, bool] | None:
    """Fractions of a second go to the nearest second; 24:00 is the midnight that ends the date it is written on."""
    found = re.fullmatch(TIME, text)
    if not found:
        return None
    day, clock, seconds, fraction = found.groups()
    if clock == "24:00":
        zeros = not int(f"{seconds or 0}{fraction or 0}")
        return (datetime.fromisoformat(day), True, True) if is_end and zeros else None
    moment = datetime.fromisoformat(f"{day}T{clock or '00:00'}:{seconds or '00'}")
    if Decimal(f"0.{fraction or 0}") >= Decimal("0.5"):
        moment += timedelta(seconds=1)
    return moment, clock is not None, False


def ends_before(start: tuple | None, end: tuple | None) -> bool:
    """By dates, and by times where both are known; not within the hour that occurs twice."""
    if not start or not end:
        return False
    day = end[0].date()
    if day != start[0].date():
        return day < start[0].date()
    if not (start[1] and end[1]) or end[2] or end[0] >= start[0]:
        return False
    night = datetime(day.year, day.month, day.day)
    hour = night + timedelta(hours=2), night + timedelta(hours=3)
    return day != _summer_time_ends(day.year) or end[0] < hour[0] or start[0] > hour[1]


def _summer_time_ends(year: int) -> date:
    """The last Sunday of October."""
    last = date(year, 10, 31)
    return last - timedelta(days=last.isoweekday() % 7)


def read_table(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Column names, and (line, fields) of every record that is not blank."""
    records, last = [], 0
    reader = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), delimiter=";")
    for fields in reader:
        start, last = last + 1, reader.line_num
        if fields or start == 1:
            records.append((start, fields))
    return [c.strip() for c in records[0][1]], records[1:]


def load(folder: Path) -> tuple[dict, set, set]:
    """Loaded rows per table as sorted tuples, quarantined (file, line, reason, column), unparsed (file, line,
    column). Rows carry the episode's number in place of its id where they hang on an episode."""
    loaded: dict[str, list] = {}
    bad: set = set()
    unparsed: set = set()
    numbers: dict[str, int] = {}
    gone: set[str] = set()
    for table, columns in CONTRACT.items():
        loaded[table] = []
        header, records = read_table(folder / f"{table}.csv")
        ids = [dict(zip(header, f, strict=True)) for _, f in records if len(f) == len(header)]
        key = UNIQUE.get(table)
        seen = [row[key].strip() for row in ids] if key else []
        for nr, (line, fields) in enumerate(records, 1):
            if len(fields) != len(header):
                bad.add((table, line, "wrong_field_count", None))
                continue
            raw = {c: t.strip() for c, t in zip(header, fields, strict=True)}
            typed = {c: value(k, raw[c], need) if raw.get(c) else None for c, (k, need, _) in columns.items()}
            faults = [("missing_required", c) for c, (_, need, _) in columns.items() if need and not raw.get(c)]
            faults += [
                ("unparsable_required", c)
                for c, (_, need, _) in columns.items()
                if need and raw.get(c) and typed[c] is None
            ]
            faults += [
                ("value_not_listed", c)
                for c, (_, _, listed) in columns.items()
                if listed and typed[c] is not None and typed[c] not in listed
            ]
            if key and raw[key] and seen.count(raw[key]) > 1:
                faults.append(("duplicate_id", key))
            if table == "episode" and ends_before(typed["innDatoTid"], typed["utDatoTid"]):
                faults.append(("ends_before_start", "utDatoTid"))
            if table in CHILDREN and raw["episodeID"] in gone:
                faults.append(("parent_quarantined", "episodeID"))
            elif table in CHILDREN and raw["episodeID"] not in numbers:
                faults.append(("parent_absent", "episodeID"))
            if faults:
                bad.add((table, line, *faults[0]))
                if table == "episode" and raw["episodeID"]:
                    gone.add(raw["episodeID"])
                continue
            for c, (kind, _, _) in columns.items():
                if raw.get(c) and typed[c] is None and kind not in (TEXT, UPPER, ICD):
                    unparsed.add((table, line, c))
            loaded[table].append(_as_loaded(table, nr, typed, numbers))
            if table == "episode":
                numbers[typed["episodeID"]] = nr
        loaded[table].sort(key=repr)
    return loaded, bad, unparsed


def _as_loaded(table: str, nr: int, typed: dict, numbers: dict[str, int]) -> tuple:
    row = [nr] if table == "episode" else []
    for column, v in typed.items():
        if table in CHILDREN and column == "episodeID":
            row.append(numbers[v])
        elif column == "innDatoTid":
            row += v[:2] if v else (None, False)
        elif column == "utDatoTid":
            row += v or (None, False, False)
        else:
            row.append(v)
    return tuple(row)
