"""A DRG grouper in plain Python, dictionaries and loops, written from the description of the method, not from the SQL.

It is slow and meant to be read beside the definition tables. The tests group the same cases with it and with the
program. A set of tables is table name → rows, a row is column → text.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

Tables = dict[str, list[dict[str, str]]]
TABLES = ("drglogic", "dg", "proc", "complcat", "complexcl", "drgnames")
DGPROPS = ("dgprop1", "dgprop2", "dgprop3", "dgprop4")
# The criteria of a rule; the order is only that the ones that fail most often are looked at first.
CRITERIA = ("mdc", "dgcat1", "pdgprop", "procpro1", "or", *DGPROPS, "dur", "disch", "agelim", "compl", "sex", "icd")
UNKNOWN_SEX, MALE, FEMALE = "", "M", "F"


def read_folder(folder: Path) -> Tables:
    """The six tables of a folder with a CSV per table, every value trimmed."""
    return {name: _read((folder / f"{name}.csv").read_text(encoding="utf-8")) for name in TABLES}


def _read(text: str) -> list[dict[str, str]]:
    return [{column: value.strip() for column, value in row.items()} for row in csv.DictReader(text.splitlines())]


@dataclass(frozen=True)
class Case:
    """A case as text: diagnoses as (first code, second code), the first one the main diagnosis."""

    id: str
    sex: str
    age_days: str
    discharge: str
    duration: str
    diagnoses: tuple[tuple[str, str], ...]
    procedures: tuple[str, ...]


def case_of_string(case_id: str, string: str) -> Case:
    """A case from a DRG string: four features, one field not used, 30 diagnoses of two fields, procedures."""
    fields = string.split(",")
    fields += [""] * (65 - len(fields))
    codes = fields[5:65]
    return Case(case_id, *fields[:4], tuple(zip(codes[::2], codes[1::2], strict=True)), tuple(fields[65:]))


def case_of_row(row: dict[str, str]) -> Case:
    """A case from a row of a case file, where blanks separate codes and a pair is `E103+H360`."""
    pairs = [tuple((text + "+").split("+")[:2]) for text in row["diagnoses"].split()]
    fields = (row[name] for name in ("id", "sex", "age_days", "discharge", "duration"))
    return Case(*fields, tuple(pairs), tuple(row["procedures"].split()))


@dataclass
class Source:
    """A diagnosis (with both its codes) or an entry of the procedure list, with what the tables say it gives."""

    is_procedure: bool
    is_main: bool
    gives: dict[str, set[str]]  # PROCPR, DGPROP, OR, CC, COMPL, PDGPRO → values


@dataclass
class Features:
    """What the rules ask about."""

    sex: str
    age: int
    discharge: str
    duration: int
    category: str
    mdc: str
    main_properties: set[str]
    diagnosis_properties: set[str]
    procedure_properties: set[str]
    operations: set[str]
    cc_level: int
    sources: list[Source]


def read(text: str) -> str:
    """A field as it is read: an asterisk is no part of it."""
    return text.replace("*", "").strip()


def spelled(code: str) -> str:
    """A code as codes are compared."""
    return read(code).replace(".", "").upper()


def whole(text: str) -> int:
    """A whole number of days; missing or anything else counts as 0."""
    return int(read(text)) if re.fullmatch(r"[+-]?[0-9]+", read(text)) else 0


class PlainGrouper:
    """Groups cases by one set of tables."""

    def __init__(self, tables: Tables) -> None:
        self.rules = [_Rule(row) for row in sorted(tables["drglogic"], key=lambda row: row["ord"])]
        self.diagnosis = defaultdict(list)  # (code, dagger code or '') → (kind, value)
        for row in tables["dg"]:
            self.diagnosis[spelled(row["code"]), spelled(row["d_code"])].append((row["vartype"], row["varval"]))
        self.procedure = defaultdict(list)
        for row in tables["proc"]:
            self.procedure[spelled(row["code"])].append((row["vartype"], row["varval"]))
        self.excluded = {(row["compl"], spelled(row["code"]), spelled(row["d_code"])) for row in tables["complexcl"]}
        self.activating = defaultdict(set)
        for row in tables["complcat"]:
            if row["inclprop"]:
                self.activating[row["compl"]].add(row["inclprop"])
        self.chapter: dict[str, str] = {}
        for row in tables["drgnames"]:
            self.chapter.setdefault(row["drg"], row["mdc"])
        asked = {row[column].lstrip("+-<>=") for row in tables["drglogic"] for column in DGPROPS}
        self.recodes_properties = not any(value.startswith("98") for value in asked)

    def group(self, case: Case) -> dict[str, str]:
        """The case's group: drg, ord, rtc, mdc (of the main diagnosis) and hdg (of the DRG)."""
        features = self.features(case)
        for rule in self.rules:
            if rule.holds(features):
                row = rule.row
                hdg = self.chapter.get(row["drg"], "")
                return dict(drg=row["drg"], ord=row["ord"], rtc=row["rtc"], mdc=features.mdc, hdg=hdg)
        return dict(drg="", ord="", rtc="", mdc=features.mdc, hdg="")

    def features(self, case: Case) -> Features:
        """The features of a case."""
        sex = {"1": MALE, "2": FEMALE}.get(read(case.sex), UNKNOWN_SEX)
        diagnoses = [(spelled(first), spelled(second)) for first, second in case.diagnoses]
        sources = [
            self._of_diagnosis(pair, place == 0, sex)
            for place, pair in enumerate(diagnoses)
            if pair[0]  # a second code alone is nothing; the others do not move up
        ]
        sources += [self._of_procedure(code, sex) for code in map(spelled, case.procedures) if code]
        main = diagnoses[0] if diagnoses and diagnoses[0][0] else ("", "")
        category = self._category(main, sex)

        def everywhere(kind: str) -> set[str]:
            return set().union(*(source.gives[kind] for source in sources))

        return Features(
            sex=sex,
            age=whole(case.age_days),
            discharge=read(case.discharge).upper(),
            duration=whole(case.duration),
            category=category,
            mdc=category[:2],
            main_properties=set().union(*(source.gives["PDGPRO"] for source in sources if source.is_main)),
            diagnosis_properties=everywhere("DGPROP"),
            procedure_properties=everywhere("PROCPR"),
            operations=everywhere("OR"),
            cc_level=self._cc_level(main, sources),
            sources=sources,
        )

    def _of_diagnosis(self, pair: tuple[str, str], is_main: bool, sex: str) -> Source:
        first, second = pair
        single = list(self.diagnosis.get((first, ""), ()))
        both = []
        if second:
            single += self.diagnosis.get((second, ""), ())
            both += self.diagnosis.get((second, first), ())
        gives = self._gives(single + both, sex)
        gives["OR"] = {value for kind, value in single if kind == "OR"}
        return Source(False, is_main, gives)

    def _of_procedure(self, code: str, sex: str) -> Source:
        return Source(True, False, self._gives(self.procedure.get(code, ()), sex))

    def _gives(self, rows, sex: str) -> dict[str, set[str]]:
        gives = defaultdict(set)
        for kind, value in rows:
            gives[kind].add(recoded(value, sex) if kind == "DGPROP" and self.recodes_properties else value)
        return gives

    def _category(self, main: tuple[str, str], sex: str) -> str:
        first, second = main
        keys = [(second, first), (second, "")] if second else []
        for key in [*keys, (first, "")]:
            for kind, value in self.diagnosis.get(key, ()):
                if kind == "DGCAT":
                    return recoded(value, sex)
        return ""

    def _cc_level(self, main: tuple[str, str], sources: list[Source]) -> int:
        others = [source for source in sources if not source.is_main]
        own = {_number(value) for source in sources if source.is_main for value in source.gives["COMPL"]}
        properties = set().union(*(source.gives["DGPROP"] for source in others))
        levels = [0]
        for source in others:
            levels += [int(value) for value in source.gives["CC"]]
            for category in source.gives["COMPL"]:
                if _number(category) in own:
                    continue
                letter = category[2]
                if letter in "IJ":
                    if not self.activating[category] & properties:
                        continue
                    letter = {"I": "C", "J": "G"}[letter]
                active = category[:2] + letter + category[3:]
                if not self._is_excluded(active, main):
                    levels.append({"C": 1, "G": 2}[letter])
        return max(levels)

    def _is_excluded(self, category: str, main: tuple[str, str]) -> bool:
        first, second = main
        keys = [(first, "")] if first else []
        if second:
            keys += [(second, ""), (second, first)]
        return any((category, *key) in self.excluded for key in keys)


def recoded(value: str, sex: str) -> str:
    """An organ of both sexes, 98, as the man's or the woman's."""
    chapter = {MALE: "12", FEMALE: "13"}.get(sex)
    return chapter + value[2:] if chapter and value.startswith("98") else value


def _number(category: str) -> str:
    """A complication category without its third character: C, G, I and J are the same category."""
    return category[:2] + category[3:]


class _Rule:
    """A row of `drglogic`; only the criteria that are not empty are looked at."""

    def __init__(self, row: dict[str, str]) -> None:
        self.row = row
        self.criteria = [(HOLDS[name], row[name]) for name in CRITERIA if row[name]]
        self.first, self.second = row["procpro1"], row["secproc1"]

    def holds(self, case: Features) -> bool:
        for holds, value in self.criteria:
            if not holds(case, value):
                return False
        return not self.second or self._second_procedure(case)

    def _second_procedure(self, case: Features) -> bool:
        if self.second == "-":
            operations = [source for source in case.sources if "1" in source.gives["OR"]]
            return all(self.first in source.gives["PROCPR"] for source in operations)
        if not among(case.procedure_properties, self.second):
            return False
        if not self.first or self.first[0] == "-" or self.second[0] == "-":
            return True
        return any(
            one is not other or not one.is_procedure
            for one in case.sources
            if self.first in one.gives["PROCPR"]
            for other in case.sources
            if self.second in other.gives["PROCPR"]
        )


def among(values: set[str], asked: str) -> bool:
    """`v`: among the values; `-v`: not among them."""
    return asked[1:] not in values if asked[0] == "-" else asked in values


def _equals(value: str, asked: str) -> bool:
    return value != asked[1:] if asked[0] == "-" else value == asked


def _category(case: Features, asked: str) -> bool:
    return case.category != "" and _equals(case.category, asked)


def _operation(case: Features, asked: str) -> bool:
    one, two = "1" in case.operations, "2" in case.operations
    if asked[0] == "-":
        return asked == "-" and not (one or two)
    return {"S": one, "P": one or two, "N": not one, "Z": not (one or two), "+": one or two}[asked]


def _limit(number: int, asked: str) -> bool:
    return number < int(asked[1:]) if asked[0] == "<" else number > int(asked[1:])


def _complication(case: Features, asked: str) -> bool:
    level = case.cc_level
    if asked[0] in "<>":
        return _limit(level, asked)
    return level != int(asked[1:]) if asked[0] == "-" else level >= int(asked.lstrip("+"))


def _sex(case: Features, asked: str) -> bool:
    return case.sex == (UNKNOWN_SEX if asked == "-" else asked)


def _discharge(case: Features, asked: str) -> bool:
    return case.discharge != "E" if asked == "N" else _equals(case.discharge, asked)


def _has_category(case: Features, asked: str) -> bool:
    return (case.category != "") == (asked == "+")


def _diagnosis_property(case: Features, asked: str) -> bool:
    return among(case.diagnosis_properties, asked)


HOLDS = {
    "icd": _has_category,
    "mdc": lambda case, asked: _equals(case.mdc, asked),
    "dgcat1": _category,
    "pdgprop": lambda case, asked: among(case.main_properties, asked),
    "or": _operation,
    "procpro1": lambda case, asked: among(case.procedure_properties, asked),
    **dict.fromkeys(DGPROPS, _diagnosis_property),
    "agelim": lambda case, asked: _limit(case.age, asked),
    "dur": lambda case, asked: _limit(case.duration, asked),
    "compl": _complication,
    "sex": _sex,
    "disch": _discharge,
}
