"""The page on which a case is grouped: what its form says, and what the grouper's own SQL answers, in words."""

import contextlib
import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from pipelines.engine.workspace import rows
from pipelines.errors import IsfError
from pipelines.grouper import cases, run, text
from pipelines.grouper.sets import DefinitionSet
from pipelines.rules import load as rulesets

MEMORY_LIMIT = "384MB"
# Fields of the form.
TABLES, MAIN, SECONDARY, PROCEDURES = "tabeller", "hovedtilstand", "bitilstander", "prosedyrer"
SEX, AGE, AGE_UNIT, DISCHARGE, NIGHTS = "kjonn", "alder", "alderenhet", "utskrivning", "netter"
UNITS = {"ar": "år", "dager": "dager"}
SEXES = {**text.SEX, "": "ikke kjent"}
MOST_MESSAGES = 5  # of codes, at a field
MOST_CODES = {SECONDARY: 100, PROCEDURES: 100}
OLDEST, LONGEST = 130, 20_000  # years, nights
# The middle of a year of life: who is 18 is between 18 and 19.
_DAYS_OF_FOUR_YEARS, _HALF_A_YEAR = 1461, 182
Limited = Callable[[duckdb.DuckDBPyConnection], contextlib.AbstractContextManager[None]]
_CODE = re.compile(r"[A-Z0-9]{2,10}")
_NUMBER = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True)
class Given:
    """What a form says: the tables, the case, or what is wrong with it: field → messages."""

    tables: DefinitionSet | None = None
    case: cases.Case | None = None
    problems: Mapping[str, list[str]] = field(default_factory=dict)


def read(form: Mapping[str, str], there: list[DefinitionSet]) -> Given:
    """The case of a form, which is whole only where nothing is wrong with it."""
    problems: dict[str, list[str]] = {}

    def wrong(name: str, message: str) -> None:
        problems.setdefault(name, []).append(message)

    tables = next((one for one in there if one.id == form.get(TABLES)), None)
    if tables is None:
        wrong(TABLES, "Velg definisjonstabeller fra lista.")
    main = _codes(form.get(MAIN, ""))
    if len(main) > 1:
        wrong(MAIN, "Skriv én hovedtilstand; et par skrives med + mellom, som E103+H360.")
    _judge(MAIN, main, wrong, pairs=True)
    secondary, procedures = _codes(form.get(SECONDARY, "")), _codes(form.get(PROCEDURES, ""))
    _judge(SECONDARY, secondary, wrong, pairs=True)
    _judge(PROCEDURES, procedures, wrong)
    if form.get(SEX, "") not in SEXES:
        wrong(SEX, "Velg kjønn fra lista.")
    if form.get(DISCHARGE, "H") not in text.DISCHARGE:
        wrong(DISCHARGE, "Velg utskrivningsmåte fra lista.")
    age = _age(form, wrong)
    nights = form.get(NIGHTS, "").strip()
    if nights and (not _NUMBER.fullmatch(nights) or int(nights) > LONGEST):
        wrong(
            NIGHTS,
            f"Skriv et helt antall netter, høyst {LONGEST}, eller la feltet stå tomt for en poliklinisk kontakt.",
        )
    if problems:
        return Given(tables, None, problems)
    case = run.single(
        sex=form.get(SEX, ""),
        age_days=str(age),
        discharge=form.get(DISCHARGE, "H"),
        duration=str(int(nights) + 1) if nights else "0",
        main=main[0] if main else "",
        secondary=secondary,
        procedures=procedures,
    )
    return Given(tables, case)


def _codes(text_of_field: str) -> list[str]:
    """The codes of a field, with blanks, commas or semicolons between; in upper case, without dots."""
    return re.sub(r"[\s,;]+", " ", text_of_field).upper().replace(".", "").split()


def _judge(name: str, codes: list[str], wrong: Any, *, pairs: bool = False) -> None:
    if len(codes) > MOST_CODES.get(name, len(codes)):
        wrong(name, f"Skriv høyst {MOST_CODES[name]} koder.")
        return
    unlike = (code for code in codes if not _is_like_a_code(code, pairs=pairs))
    for code in itertools.islice(unlike, MOST_MESSAGES):
        wrong(name, f"{code[:20]} kan ikke være en kode. Skriv bokstaver og tall, med mellomrom mellom kodene.")


def _is_like_a_code(code: str, *, pairs: bool) -> bool:
    parts = code.split("+") if pairs else [code]
    return len(parts) <= 2 and all(_CODE.fullmatch(part) for part in parts)


def _age(form: Mapping[str, str], wrong: Any) -> int:
    """The age in whole days."""
    given, unit = form.get(AGE, "").strip(), form.get(AGE_UNIT, "ar")
    most = OLDEST if unit == "ar" else OLDEST * _DAYS_OF_FOUR_YEARS // 4
    if unit not in UNITS:
        wrong(AGE, "Velg år eller dager.")
    elif not _NUMBER.fullmatch(given) or int(given) > most:
        wrong(AGE, f"Skriv alderen som et helt tall fra 0 til {most} {UNITS[unit]}.")
    elif unit == "ar":
        return int(given) * _DAYS_OF_FOUR_YEARS // 4 + _HALF_A_YEAR
    else:
        return int(given)
    return 0


def answer(home: Path, tables: DefinitionSet, case: cases.Case, limited: Limited) -> dict[str, Any]:
    """What the tables make of the case, as `pipelines.grouper.run` explains it, with `name` of the group, the codes
    that the tables do not have (`unknown`), and beside each criterion what the case has (`own`). One at a time: it may
    spill to the disk. `limited`: what its connection is kept within, whose errors are raised."""
    with contextlib.ExitStack() as limits:

        def fill(con: duckdb.DuckDBPyConnection) -> None:
            limits.enter_context(limited(con))
            cases.fill_one(case, con)

        with run.grouped(home, tables.id, fill, threads=1, memory_limit=MEMORY_LIMIT) as found:
            (one,) = found.explained()
            unknown = [row["code"] for row in rows(found.con, _UNKNOWN)]
    has = _has(one)
    for rule in (*one["criteria"], *one["nearest"]):
        rule |= {"text": text.CRITERIA.get(rule["criterion"], rule["criterion"]), "own": has.get(rule["criterion"], "")}
    for feature in one["features"]:
        value, _, verdict = feature["value"].partition(" ")
        feature |= {"text": text.FEATURES[feature["kind"]], "value": value, "verdict": text.VERDICTS.get(verdict, "")}
    return one | {"unknown": unknown, "name": _name(tables.year, one["drg"])}


_UNKNOWN = """
    select distinct code from (
        select code from case_diagnosis where code not in (select code from definition.dg)
        union all
        select code from case_procedure where code not in (select code from definition.proc)
    ) order by code"""


def _has(one: dict[str, Any]) -> dict[str, str]:
    """Criterion → what the case has of it."""
    case = one["case"]
    properties = {
        kind: " ".join(feature["value"] for feature in one["features"] if feature["kind"] == kind)
        for kind in ("PDGPRO", "DGPROP", "PROCPR")
    }
    return {
        "icd": "+" if case["category"] else "-",
        "mdc": one["mdc"] or "ingen",
        "dgcat1": case["category"] or "ingen",
        "or": text.OPERATIONS[case["or_state"]],
        "agelim": f"{case['age_days']} dager",
        "dur": str(case["duration"]),
        "compl": str(case["level"]),
        "sex": text.SEX.get(case["sex"], "ikke kjent"),
        "disch": text.DISCHARGE.get(case["discharge"], "ikke kjent"),
        "pdgprop": properties["PDGPRO"],
        **dict.fromkeys(("procpro1", "secproc1"), properties["PROCPR"]),
        **dict.fromkeys(("dgprop1", "dgprop2", "dgprop3", "dgprop4"), properties["DGPROP"]),
    }


def _name(year: int, drg: str | None) -> str:
    """What the year's rule set calls the group; empty where it does not know it."""
    try:
        names = rulesets.read(str(year)).tables["drg"]
    except IsfError:
        return ""
    return next((row["name"] for row in names if row["drg"] == drg), "")
