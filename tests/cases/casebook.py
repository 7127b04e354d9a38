"""The rule cases: reads the YAML files and turns what a case says into the rows of a delivery.

Belongs here: the format of a case, its defaults and its abbreviations. Does not belong here: anything that
knows a rule; what a case expects stands in the case. The format is described in `LESMEG.md`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

import yaml

from tests import deliveries

FOLDER = Path(__file__).parent
DEFAULT_DELIVERY = "2025-T3-2"
MISSING = "mangler"

FILE_KEYS = {"paragraf", "tittel", "regel", "drg_kilde", "regelsett", "felles", "tilfeller"}
CASE_KEYS = {
    "tittel", "paragraf", "leveranse", "regelsett", "drg_kilde", "alene", "felles", "episode", "enhet", "hresept",
    "akonto", "forventet", "arsak", "linje", "opphold", "kjennetegn", "sertjeneste", "forlop", "karantene",
    "oppgjor_rhf", "oppgjor_hf", "oppgjor_rhf_maned", "oppgjor_hf_maned", "gjestepasienter", "hvorfor",
}  # fmt: skip
ALONE_KEYS = {
    "akonto", "oppgjor_rhf", "oppgjor_hf", "oppgjor_rhf_maned", "oppgjor_hf_maned", "gjestepasienter",
}  # fmt: skip

NESTED = {"tilstand", "prosedyre", "helseperson", "takst"}
SHORT = {"pasient": "pasientID", "type": "episodetype", "inn": "innDatoTid", "ut": "utDatoTid",
         "institusjon": "institusjonID"}  # fmt: skip
HRESEPT_SHORT = {"pasient": "pasientID", "dato": "utleveringsdato", "utlevering": "refusjonsKodeUtlevering",
                 "resept": "refusjonsKodeResept"}  # fmt: skip

EPISODE_DEFAULTS = {
    "pasientID": "P", "sektor": "SOM", "institusjonID": "974589095", "hf": "993467049", "avdeling": "A",
    "stedAktivitet": "1", "inntilstand": "1", "utTilstand": "1", "debitor": "1", "komNrHjem": "0301",
    "kjonn": "2", "fodselsar": "1970",
}  # fmt: skip
TYPE_DEFAULTS = {
    "A": {"omsorgsniva": "1", "innmateHast": "1"},
    "K": {"omsorgsniva": "3", "innmateHast": "4", "kontaktType": "2"},
}
MAIN_CONDITION = {"SOM": "J189"}  # somatic; all others F329
HRESEPT_DEFAULTS = {"pasientID": "P", "hf": "993467049", "komNrHjem": "0301", "fodselsar": "1970"}


class CaseError(ValueError):
    """A case file that cannot be read as one: names file, case and what to change."""


class _StrictLoader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):
    """Every value is text, so that 0301, 7.15 and 209E1 stay what they are; a repeated key is an error."""


def _mapping(loader: _StrictLoader, node: yaml.MappingNode) -> dict:
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value]
    repeated = {key for key in keys if keys.count(key) > 1}
    if repeated:
        raise CaseError(f"{node.start_mark}: key given twice: {', '.join(sorted(repeated))}")
    return {key: loader.construct_object(value, deep=True) for key, (_, value) in zip(keys, node.value, strict=True)}


_StrictLoader.add_constructor("tag:yaml.org,2002:map", _mapping)


@dataclass
class Case:
    """One case of one file, with everything its file gives to all of them."""

    file: str
    number: int  # its place among all cases; makes its ids its own in a shared delivery
    paragraph: str
    title: str
    why: str
    delivery: str
    drg_source: str
    ruleset: str | None  # another rule set than the final one of the delivery's year
    alone: bool
    episodes: dict[str, dict]  # as written, common fields included
    common: dict
    units: dict[str, dict]
    prescriptions: dict[str, dict]
    advances: list[dict]
    expected: dict[tuple[str, str, str], Decimal]  # (enhet_type, enhet_id, regel) -> points
    checks: dict = field(default_factory=dict)  # the optional expectations, as written

    @property
    def prefix(self) -> str:
        return f"k{self.number:04d}-"

    @property
    def id(self) -> str:
        return f"{self.file} | {self.title}"


@cache
def load_files(folder: Path = FOLDER) -> list[dict]:
    """The case files in reading order, each with its `Case` objects under `cases`; read once, and to be read only."""
    files, number = [], 0
    for path in sorted(folder.glob("*.yaml"), key=lambda p: reading_order(p.stem)):
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)
        _only(data, FILE_KEYS, path.name)
        cases = []
        for raw in data["tilfeller"]:
            number += 1
            cases.append(_case(raw, data, path.stem, number))
        files.append({**data, "file": path.stem, "cases": cases})
    return files


def load_cases(folder: Path = FOLDER) -> list[Case]:
    return [case for file in load_files(folder) for case in file["cases"]]


def reading_order(stem: str) -> tuple:
    """7_2_1_x before 7_10_x: the leading numbers as numbers, then the name."""
    numbers = re.match(r"[\d_]*", stem).group()
    return tuple(int(n) for n in numbers.split("_") if n), stem


def _only(given: dict, allowed: set[str], where: str) -> None:
    unknown = set(given) - allowed
    if unknown:
        raise CaseError(f"{where}: unknown key {', '.join(sorted(unknown))}; known: {', '.join(sorted(allowed))}")


def _case(raw: dict, file: dict, stem: str, number: int) -> Case:
    where = f"{stem}: {raw.get('tittel', '(no tittel)')}"
    _only(raw, CASE_KEYS, where)
    for key in ("tittel", "forventet", "hvorfor"):
        if key not in raw:
            raise CaseError(f"{where}: `{key}` is missing")
    common = {**(file.get("felles") or {}), **(raw.get("felles") or {})}
    episodes = {}
    for name, row in (raw.get("episode") or {}).items():
        for key, one in _repeat(name, {**common, **(row or {})}):
            episodes[key] = one
    prescriptions = dict(pair for name, row in (raw.get("hresept") or {}).items() for pair in _repeat(name, row or {}))
    expected = _expected(raw["forventet"], where)
    alone = raw.get("alene") == "ja" or bool(ALONE_KEYS & set(raw)) or any(k[0] == "region" for k in expected)
    return Case(
        file=stem,
        number=number,
        paragraph=raw.get("paragraf") or file["paragraf"],
        title=raw["tittel"],
        why=raw["hvorfor"],
        delivery=raw.get("leveranse", DEFAULT_DELIVERY),
        drg_source=raw.get("drg_kilde", file.get("drg_kilde", "main_episode")),
        ruleset=raw.get("regelsett", file.get("regelsett")),
        alone=alone,
        episodes=episodes,
        common=common,
        units=raw.get("enhet") or {},
        prescriptions=prescriptions,
        advances=raw.get("akonto") or [],
        expected=expected,
        checks={k: raw[k] for k in CASE_KEYS & set(raw) if k in _CHECKS},
    )


_CHECKS = {
    "arsak", "linje", "opphold", "kjennetegn", "sertjeneste", "forlop", "karantene", "oppgjor_rhf", "oppgjor_hf",
    "oppgjor_rhf_maned", "oppgjor_hf_maned", "gjestepasienter",
}  # fmt: skip


def _repeat(name: str, row: dict) -> list[tuple[str, dict]]:
    """`C: {antall: 9}` is C1..C9, each a patient of its own; `pasient: egen` is a patient per row."""
    row = dict(row)
    count = row.pop("antall", None)
    names = [name] if count is None else [f"{name}{i}" for i in range(1, int(count) + 1)]
    own = count is not None or row.get("pasient") == "egen"
    return [(n, {**row, "pasient": n} if own and row.get("pasient", "egen") == "egen" else row) for n in names]


def _expected(raw: dict | str, where: str) -> dict[tuple[str, str, str], Decimal]:
    rows: dict[tuple[str, str, str], Decimal] = {}
    for heading, rules in (raw or {}).items():
        kind, _, ids = heading.partition(" ")
        if kind not in ("opphold", "sertjeneste", "forlop", "region"):
            raise CaseError(f"{where}: `{heading}` must start with opphold, sertjeneste, forlop or region")
        for unit in expand_ids(ids):
            for rule, points in rules.items():
                if (kind, unit, rule) in rows:
                    raise CaseError(f"{where}: {kind} {unit} {rule} is given twice")
                try:
                    rows[kind, unit, rule] = Decimal(points)
                except InvalidOperation as error:
                    raise CaseError(f"{where}: {heading} {rule}: `{points}` is not a number") from error
    return rows


def expand_ids(text: str) -> list[str]:
    """`E1, E3` and `C1..C9`."""
    ids = []
    for part in (p.strip() for p in text.split(",")):
        span = re.fullmatch(r"(\D+)(\d+)\.\.\1(\d+)", part)
        if span:
            ids += [f"{span[1]}{i}" for i in range(int(span[2]), int(span[3]) + 1)]
        else:
            ids.append(part)
    return ids


# ---------------------------------------------------------------- rows of the delivery


def stamp(value: str, year: str, same_day: str = "") -> str:
    """`05.09 12:00` → `2025-09-05T12:00`; `14:00` alone is the date in `same_day`; ISO stays as it is."""
    value = value.strip()
    clock = re.fullmatch(r"\d\d:\d\d(:\d\d)?", value)
    if clock and same_day:
        return f"{same_day[:10]}T{value}"
    short = re.fullmatch(r"(\d\d)\.(\d\d)(?:\.(\d{4}))?(?: (\d\d:\d\d(?::\d\d)?))?", value)
    if short:
        day, month, given_year, time = short.groups()
        return f"{given_year or year}-{month}-{day}" + (f"T{time}" if time else "")
    return value


def rows(case: Case) -> dict[str, list[dict]]:
    """The case as rows of the delivery's tables, its ids prefixed so that cases can share a delivery."""
    year, p = case.delivery[:4], case.prefix
    tables: dict[str, list[dict]] = {table: [] for table in deliveries.COLUMNS}
    used_units = set()
    for name, given in case.episodes.items():
        row = _episode(name, given, year, case)
        used_units.add(row["avdeling"])
        episode_id = p + row["episodeID"]
        tables["episode"].append(
            {**row, "episodeID": episode_id, "pasientID": _pre(p, row["pasientID"]),
             "avdeling": _pre(p, row["avdeling"])}
        )  # fmt: skip
        _children(tables, episode_id, given, row)
    for unit in sorted(used_units & {"A"} - set(case.units)):
        tables["enhet"].append({"enhetID": p + unit, "hf": EPISODE_DEFAULTS["hf"], "isfRefusjon": "1"})
    for unit, given in case.units.items():
        given = {k: _value(v) for k, v in (given or {}).items()}
        tables["enhet"].append({"enhetID": p + unit, "hf": EPISODE_DEFAULTS["hf"], "isfRefusjon": "1", **given})
    for name, given in case.prescriptions.items():
        given = {HRESEPT_SHORT.get(k, k): _value(v) for k, v in given.items()}
        _only(given, set(deliveries.COLUMNS["hresept"]), f"{case.id}: hresept {name}")
        row = {"utleveringID": name, **HRESEPT_DEFAULTS, **given}
        row["utleveringsdato"] = stamp(row.get("utleveringsdato", ""), year)
        tables["hresept"].append({**row, "utleveringID": p + name, "pasientID": _pre(p, row["pasientID"])})
    tables["akonto"] = [{k: _value(v) for k, v in row.items()} for row in case.advances]
    return tables


def _value(text: str) -> str:
    return "" if text == MISSING else text


def _pre(prefix: str, value: str) -> str:
    return prefix + value if value else value


def _episode(name: str, given: dict, year: str, case: Case) -> dict:
    plain = {SHORT.get(k, k): _value(v) for k, v in given.items() if k not in NESTED}
    _only(plain, set(deliveries.COLUMNS["episode"]), f"{case.id}: episode {name}")
    kind = plain.get("episodetype", "")
    row = {"episodeID": name, **EPISODE_DEFAULTS, **TYPE_DEFAULTS.get(kind, {}), **plain}
    row["innDatoTid"] = stamp(row.get("innDatoTid", ""), year)
    if "utDatoTid" not in row:
        if len(row["innDatoTid"]) > 10:
            raise CaseError(f"{case.id}: episode {name} has a time in `inn` and needs `ut`")
        row["utDatoTid"] = row["innDatoTid"]
    row["utDatoTid"] = stamp(row["utDatoTid"], year, row["innDatoTid"])
    row["utskrKlarDato"] = stamp(row.get("utskrKlarDato", ""), year)
    return row


def _children(tables: dict, episode_id: str, given: dict, row: dict) -> None:
    default_condition = [MAIN_CONDITION.get(row["sektor"], "F329")]
    number = 0
    for code in given.get("tilstand", default_condition):
        if isinstance(code, dict):  # written out: {kode: Z302, tilstNr: 1, kodeNr: 1}
            number = int(code["tilstNr"])
            place = (number, code.get("kodeNr", "1"))
            code = code["kode"]
        elif code.endswith("*"):  # the asterisk code of the condition before it
            place, code = (number, "2"), code[:-1]
        else:
            number += 1
            place = (number, "1")
        tables["tilstand"].append({"episodeID": episode_id, "tilstNr": str(place[0]), "kodeNr": place[1], "kode": code})
    for n, code in enumerate(given.get("prosedyre", []), 1):
        system, _, bare = code.rpartition(":")
        tables["prosedyre"].append({"episodeID": episode_id, "prosNr": str(n), "kodeverk": system or "M", "kode": bare})
    persons = given.get("helseperson", ["1"] if row["episodetype"] == "K" else [])
    for n, category in enumerate(persons, 1):
        tables["helseperson"].append({"episodeID": episode_id, "nr": str(n), "polUtforende": category})
    for code in given.get("takst", []):
        tables["takst"].append({"episodeID": episode_id, "takst": code})


def write_delivery(cases: list[Case], parent: Path) -> Path:
    """The folder of a delivery that holds these cases; all must name the same delivery."""
    (name,) = {case.delivery for case in cases}
    tables: dict[str, list[dict]] = {table: [] for table in deliveries.COLUMNS}
    for case in cases:
        for table, more in rows(case).items():
            tables[table] += more
    given = {table: content for table, content in tables.items() if content or table in deliveries.REQUIRED}
    return deliveries.write(parent, given, name=name, manifest=deliveries.manifest_of(name), whole=True)
