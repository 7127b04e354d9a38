"""From a paragraph of the regulation to what computes it: `isf rules 7.14` and the pages `docs/regler/`.

A paragraph leads to its entries in the register of rules, their parameters, the SQL files whose header cites it, the
rule cases of `tests/cases/` and the quality checks that are made for it. All of it is read from those files; nothing is
listed by hand.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipelines.engine.models import SQL_FOLDER, Model, models
from pipelines.errors import InputRefused
from pipelines.quality import catalogue
from pipelines.rules.load import Ruleset

ROOT = SQL_FOLDER.parent
CASES = ROOT / "tests" / "cases"
PAGES = ROOT / "docs" / "regler"
# `§7.2.1`, `§3.2.1 d`; a letter that stands alone behind the number belongs to it.
_CITED = re.compile(r"§\s?(\d+(?:\.\d+)+(?: [a-m](?![\w.]))?)")


@dataclass(frozen=True)
class CaseFile:
    """A file of rule cases: where it lies, its title, the rule in words, and how many cases it has."""

    path: Path
    title: str
    text: str
    cases: int


@dataclass(frozen=True)
class Paragraph:
    """What the project knows of a paragraph. `rules` are rows of the register, `parameters` rows of the parameters."""

    number: str
    rules: list[dict[str, Any]]
    parameters: list[dict[str, Any]]
    sql: list[Model]
    cases: list[CaseFile]
    checks: list[catalogue.Check]

    @property
    def title(self) -> str:
        """The register's title; of a paragraph that only code or cases cite, the case file's."""
        own = [rule["title"] for rule in self.rules if rule["rule"] == self.number]
        return next(iter([*own, *(rule["title"] for rule in self.rules), *(file.title for file in self.cases)]), "")

    @property
    def page(self) -> str:
        return page_name(self.number)


def page_name(number: str) -> str:
    """The file name of a paragraph's page: `7_2_1.md`, `3_2_1_d.md`."""
    return re.sub(r"[. ]", "_", number) + ".md"


def find(number: str, ruleset: Ruleset) -> Paragraph:
    """The paragraph, also written `§7.14` or `§ 7.14`. Raises InputRefused naming the nearest ones."""
    wanted = number.lstrip("§ ").strip()
    known = {paragraph.number: paragraph for paragraph in paragraphs(ruleset)}
    if wanted not in known:
        near = [name for name in known if name.startswith(wanted) or wanted.startswith(name + ".")] or [
            name for name in known if name.split(".")[0] == wanted.split(".")[0]
        ]
        raise InputRefused(
            f"§{wanted}",
            [f"No rule, file, case or check is of paragraph {wanted}. Near it: {', '.join(near) or 'none'}."],
        )
    return known[wanted]


def paragraphs(ruleset: Ruleset) -> list[Paragraph]:
    """Every paragraph that the register, an SQL file, a case or a check names, in the regulation's order."""
    rules: dict[str, list[dict]] = {}
    for rule in ruleset.tables["rule"]:
        for number in _numbers(rule["paragraph"]):
            rules.setdefault(number, []).append(rule)
    parameters: dict[str, list[dict]] = {}
    for row in ruleset.tables["parameter"]:
        for number in _numbers(row["paragraph"]):
            parameters.setdefault(number, []).append(row)
    sql, cases, checks = _cited_sql(), _case_files(), _checks()
    every = {*rules, *parameters, *sql, *cases, *checks}
    return [
        Paragraph(
            number,
            rules.get(number, []),
            parameters.get(number, []),
            sql.get(number, []),
            cases.get(number, []),
            checks.get(number, []),
        )
        for number in sorted(every, key=_order)
    ]


def _numbers(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if re.match(r"\d", part.strip())]


def _order(number: str) -> tuple:
    digits, _, letter = number.partition(" ")
    return [int(part) for part in digits.split(".")], letter


@cache
def _cited_sql() -> dict[str, list[Model]]:
    found: dict[str, list[Model]] = {}
    for model in models("all"):
        for number in dict.fromkeys(_CITED.findall(model.header.get("source", "")) if model.path else []):
            found.setdefault(number, []).append(model)
    return {number: sorted(members, key=lambda one: str(one.path)) for number, members in found.items()}


@cache
def _case_files() -> dict[str, list[CaseFile]]:
    found: dict[str, list[CaseFile]] = {}
    for path in sorted(CASES.glob("*.yaml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
        file = CaseFile(path, content["tittel"], " ".join(content["regel"].split()), len(content["tilfeller"]))
        found.setdefault(content["paragraf"], []).append(file)
    return found


@cache
def _checks() -> dict[str, list[catalogue.Check]]:
    found: dict[str, list[catalogue.Check]] = {}
    for check in catalogue.checks():
        for number in _numbers(check.paragraph):
            found.setdefault(number, []).append(check)
    return found
