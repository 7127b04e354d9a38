"""What somebody at the simulation desk wants to change in a rule set, as a derived set of files; and what the loader of
rule sets says of it, beside the field that it is about."""

import hashlib
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.engine import home as homes
from pipelines.errors import RulesetInvalid
from pipelines.publication import norwegian, words
from pipelines.rules import load as rulesets
from pipelines.rules.load import Ruleset

FOLDER = "regelsett"  # in <home>/simulations/
ROWS = 8
LONGEST = 40
TABLES = ("drg", "stg", "tfg")
CHAPTERS = ("7", "8")
FORM = "skjema"  # the place of a message that is about no field


@dataclass(frozen=True)
class Change:
    """New base points of groups, by row of the form (sector, group, points), and new values of parameters by rule and
    parameter; all as text. `settled`: sha256 of the rule set that is changed."""

    weights: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    parameters: dict[tuple[str, str], str] = field(default_factory=dict)
    settled: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.weights and not self.parameters

    @property
    def name(self) -> str:
        """A name for the rule set: the same change of the same rules has the same."""
        texts = repr((self.settled, sorted(self.weights.values()), sorted(self.parameters.items())))
        return f"skrivebord-{hashlib.sha256(texts.encode()).hexdigest()[:10]}"


def editable(rules: Ruleset) -> list[dict[str, Any]]:
    """The parameters of a rule set that can be changed at the desk: numbers of the rules on points, by paragraph; those
    that have a Norwegian name."""
    titles = {row["rule"]: row for row in rules.tables["rule"]}
    found = [
        {
            **row,
            "title": titles[row["rule"]]["title"],
            "order": titles[row["rule"]]["position"],
            "name": words.PARAMETER[row["parameter"]],
        }
        for row in rules.tables["parameter"]
        if row["kind"] in ("points", "number")
        and row["parameter"] in words.PARAMETER
        and row["rule"] in titles
        and titles[row["rule"]]["chapter"] in CHAPTERS
    ]
    return sorted(found, key=lambda row: (row["order"], row["parameter"]))


def read(form: Mapping[str, str], rules: Ruleset) -> Change:
    """What the form says: rows with a group or points, and parameters that differ from the set's."""
    weights = {}
    for number in range(ROWS):
        given = [form.get(f"{name}{number}", "").strip()[:LONGEST] for name in ("sektor", "gruppe", "vekt")]
        if given[1] or given[2]:
            sector = given[0] if given[0] in words.SECTORS else words.SECTORS[0]
            weights[number] = (sector, given[1].upper(), _plain(given[2]))
    parameters = {}
    for number, row in enumerate(editable(rules)):
        given_value = _plain(form.get(f"parameter{number}", "").strip()[:LONGEST])
        if given_value and given_value != row["value"]:
            parameters[row["rule"], row["parameter"]] = given_value
    return Change(weights, parameters, rules.sha256)


def fields(change: Change, rules: Ruleset) -> list[tuple[str, str]]:
    """The fields of the form that ask for the change again."""
    found = []
    for number, given in sorted(change.weights.items()):
        found += [(f"{name}{number}", text) for name, text in zip(("sektor", "gruppe", "vekt"), given, strict=True)]
    numbers = _numbers(rules)
    return found + [(f"parameter{numbers[key]}", value) for key, value in sorted(change.parameters.items())]


def _numbers(rules: Ruleset) -> dict[tuple[str, str], int]:
    """The number in the form of each rule's parameters."""
    return {(row["rule"], row["parameter"]): number for number, row in enumerate(editable(rules))}


def _plain(text: str) -> str:
    """A number as the files have it: a decimal point, an ordinary minus sign, and no spaces."""
    return text.replace(norwegian.NBSP, "").replace(" ", "").replace(norwegian.MINUS, "-").replace(",", ".")


def faults(change: Change, rules: Ruleset) -> dict[str, list[str]]:
    """What the loader of rule sets says against the change: name of the field → messages; empty where it is taken."""
    found: dict[str, list[str]] = {}
    for number, (sector, group, _) in change.weights.items():
        others = [other for other, row in change.weights.items() if other < number and row[:2] == (sector, group)]
        if others:
            found.setdefault(f"gruppe{number}", []).append(f"Gruppen står alt i linje {others[0] + 1}.")
    with tempfile.TemporaryDirectory(prefix="isf-") as folder:
        path = Path(folder) / change.name
        places = _write(change, rules, path)
        try:
            rulesets.read(path)
        except RulesetInvalid as invalid:
            for problem in invalid.problems:
                place = next((name for mark, name in places.items() if mark in problem), FORM)
                field_name = place.replace("vekt", "gruppe") if "not in the base" in problem else place
                found.setdefault(field_name, []).append(in_norwegian(problem))
    return found


def save(change: Change, rules: Ruleset, home: Path) -> Path:
    """The rule set of a change below `<home>/simulations/`; the same change is the same set."""
    parent = homes.make(home / "simulations" / FOLDER)
    path = parent / change.name
    if not path.is_dir():
        building = homes.building(parent, change.name)
        _write(change, rules, building)
        building.rename(path)
    return path


def _write(change: Change, rules: Ruleset, folder: Path) -> dict[str, str]:
    """The files of the derived set; what a message of the loader holds → name of the field it is about."""
    folder.mkdir(mode=0o700)
    places: dict[str, str] = {}
    tables: dict[str, list[str]] = {}
    known = {table: {(row["sector"], row[table]) for row in rules.tables[table]} for table in TABLES}
    for number, (sector, group, points) in sorted(change.weights.items()):
        table = next((name for name in TABLES if (sector, group) in known[name]), TABLES[0])
        lines = tables.setdefault(table, [f"sector,{table},base_points"])
        lines.append(",".join(_cell(text) for text in (sector, group, points or "?")))
        places[f"/{table}.csv row {len(lines)}:"] = f"vekt{number}"
    for table, lines in tables.items():
        (folder / f"{table}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    numbers = _numbers(rules)
    entries: dict[str, list[str]] = {}
    for (rule, parameter), value in sorted(change.parameters.items()):
        entry = f"[[rule.parameter]]\nname = {_quoted(parameter)}\nvalue = {_quoted(value)}\n"
        entries.setdefault(rule, []).append(entry)
        places[f", rule {rule}, parameter {parameter}"] = f"parameter{numbers[rule, parameter]}"
    head = {
        "id": change.name, "status": "draft", "base": str(rules.named),
        "source": "simulation desk",
    }  # fmt: skip
    text = ["[ruleset]", f"activity_year = {rules.activity_year}", *(f"{k} = {_quoted(v)}" for k, v in head.items())]
    text += [f"\n[[rule]]\nid = {_quoted(rule)}\n\n" + "\n".join(given) for rule, given in entries.items()]
    (folder / "rules.toml").write_text("\n".join(text) + "\n", encoding="utf-8")
    return places


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _quoted(text: str) -> str:
    """A text as TOML has it; what is no letter, number or sign is left out."""
    clean = "".join(letter for letter in text if letter.isprintable())
    return '"' + clean.replace("\\", "\\\\").replace('"', '\\"') + '"'


# What the loader says → what the page says; what is not here is shown as the loader says it.
_NORWEGIAN = (
    (r".* '[?]' is not a number\..*", r"Skriv hvor mange poeng gruppen skal gi."),
    (r".* '(.*)' is not a number\..*", r"«\1» er ikke et tall. Skriv sifre, med desimalkomma."),
    (r".* '(.*)' is not a whole number\..*", r"«\1» er ikke et helt tall. Skriv bare sifre."),
    (r".* '(.*)' has more than (\d+) decimals\..*", r"«\1» har mer enn \2 desimaler. Rund av."),
    (r".* '(.*)' is too large\..*", r"«\1» er for stort."),
    (r".*drg (.*) is not in the base; the nearest are (.*)\. Correct.*", r"Gruppen \1 finnes ikke. Nærmest: \2."),
    (r".*drg (.*) is not in the base.*", r"Gruppen \1 finnes ikke."),
    (r".* is empty\. Give a value\.", r"Verdien mangler."),
)  # fmt: skip


def in_norwegian(problem: str) -> str:
    """A message of the loader for the page."""
    for pattern, text in _NORWEGIAN:
        if match := re.fullmatch(pattern, problem, re.DOTALL):
            return match.expand(text)
    return problem
