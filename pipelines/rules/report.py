"""The text of `isf rules`: the register of a rule set, its assumptions, and both as JSON.

    register("2025")      every paragraph with status, title, parameters and source
    assumptions("2025")   what the regulation does not say and the rule set had to choose
    as_json("2025")       the same facts for programs

Only reads; raises RulesetInvalid as `pipelines.rules.load.read` does.
"""

import json
import textwrap
from collections import defaultdict
from pathlib import Path

from pipelines.rules.load import Ruleset, read
from pipelines.rules.shape import TABLES

WIDTH = 110
_STATUS = {"computed": "computed", "data": "data", "not_computable": "not computable"}
_BASIS_COLUMNS = ("basis", "note", "source")


def register(ruleset: str | Path, disable: tuple[str, ...] = ()) -> str:
    """The register as text, one block per rule in the order of the paragraphs."""
    rules = read(ruleset, disable)
    parameters = _by_rule(rules)
    statuses = [rule["status"] for rule in rules.tables["rule"]]
    counts = ", ".join(f"{statuses.count(status)} {text}" for status, text in _STATUS.items())
    lines = [*_heading(rules), f"{len(statuses)} rules: {counts}", *_changes(rules)]
    chapter = ""
    for rule in rules.tables["rule"]:
        if rule["chapter"] != chapter:
            chapter = rule["chapter"]
            lines += ["", f"Chapter {chapter}", "-" * WIDTH]
        lines += _rule(rule, parameters.get(rule["rule"], {}))
    return "\n".join(lines) + "\n"


def _rule(rule: dict, parameters: dict[str, list[dict]]) -> list[str]:
    name = "" if rule["rule"] == rule["paragraph"] else f" [{rule['rule']}]"
    draft = " (draft)" if rule["draft"] else ""
    lines = _wrap(f"§ {rule['paragraph']:<10} {_STATUS[rule['status']]:<15} {rule['title']}{name}{draft}", 29)
    for parameter, rows in parameters.items():
        mark = "   (assumption)" if rows[0]["assumption"] else ""
        lines += _wrap(f"{'':29}{parameter} = {_value(rows)}{mark}", 33)
    if rule["reason"]:
        lines += _wrap(f"{'':29}{rule['reason']}", 29)
    return lines + _wrap(f"{'':29}source: {rule['source']}", 33)


def assumptions(ruleset: str | Path, disable: tuple[str, ...] = ()) -> str:
    """Every parameter marked as an assumption, with what was assumed, and the table rows that rest on one."""
    rules = read(ruleset, disable)
    marked = _assumed_parameters(rules)
    rows = assumed_rows(rules)
    count = f"{len(marked)} assumptions in parameters, {sum(len(row['keys']) for row in rows)} table rows on one"
    lines = [*_heading(rules), count]
    for p in marked:
        lines += ["", *_wrap(f"§ {p['paragraph']}  {p['rule']}.{p['parameter']} = {p['value']}", 4)]
        lines += _wrap(f"    {p['description']}", 4) + _wrap(f"    source: {p['source']}", 4)
    for row in rows:
        lines += ["", *_wrap(f"table {row['table']}: {row['basis']}", 4)]
        lines += _wrap(f"    {', '.join(row['keys'])}", 4)
    return "\n".join(lines) + "\n"


def as_json(ruleset: str | Path, disable: tuple[str, ...] = ()) -> str:
    """Rule set, changes, rules with their parameters, and assumptions. Numbers are text, exact."""
    rules = read(ruleset, disable)
    parameters = _by_rule(rules)
    document = {
        "ruleset": _plain(rules.tables["ruleset"][0]),
        "changes": [_plain(r) for r in rules.tables["change"]],
        "rules": [
            {
                **_plain(rule),
                "parameters": [
                    {
                        **_plain({k: v for k, v in rows[0].items() if k not in ("points", "number", "value", "rule")}),
                        "value": [r["value"] for r in rows] if rows[0]["kind"] == "list" else rows[0]["value"],
                    }
                    for rows in parameters.get(rule["rule"], {}).values()
                ],
            }
            for rule in rules.tables["rule"]
        ],
        "assumptions": {"parameters": _assumed_parameters(rules), "rows": assumed_rows(rules)},
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def assumed_rows(rules: Ruleset) -> list[dict]:
    """Table rows whose basis, note or source says assumption: table, basis text, and the keys of the rows."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, table in TABLES.items():
        for row in rules.tables[name]:
            for column in _BASIS_COLUMNS:
                text = row.get(column) or ""
                if "assumption" in text.lower():
                    found[name, text].append(" ".join(str(row[k]) for k in table.key if row[k] is not None))
    return [{"table": name, "basis": text, "keys": keys} for (name, text), keys in found.items()]


def _assumed_parameters(rules: Ruleset) -> list[dict]:
    position = {r["rule"]: r["position"] for r in rules.tables["rule"]}
    result = []
    for rule, parameters in sorted(_by_rule(rules).items(), key=lambda item: position[item[0]]):
        for name, rows in parameters.items():
            if rows[0]["assumption"]:
                result.append(
                    {
                        "rule": rule,
                        "parameter": name,
                        "value": _value(rows),
                        **{k: rows[0][k] for k in ("paragraph", "description", "source")},
                    }
                )
    return result


def _by_rule(rules: Ruleset) -> dict[str, dict[str, list[dict]]]:
    result: dict[str, dict[str, list[dict]]] = defaultdict(lambda: defaultdict(list))
    for row in rules.tables["parameter"]:
        result[row["rule"]][row["parameter"]].append(row)
    return result


def _value(rows: list[dict]) -> str:
    unit = f" {rows[0]['unit']}" if rows[0]["unit"] and rows[0]["kind"] in ("points", "number") else ""
    return ", ".join(r["value"] for r in rows) + unit


def _heading(rules: Ruleset) -> list[str]:
    base = f" · based on {rules.base}" if rules.base else ""
    return [
        f"Rule set {rules.id} · activity year {rules.activity_year} · {rules.status}{base}",
        f"sha256 {rules.sha256}",
    ]


def _changes(rules: Ruleset) -> list[str]:
    lines = []
    for change in rules.tables["change"]:
        state = "" if change["enabled"] else " (switched off)"
        text = f"change {change['change']}{state}: {change['title']}. Touches {change['touches']}."
        lines += _wrap(text, 4)
    return ["", *lines] if lines else []


def _wrap(text: str, indent: int) -> list[str]:
    start = text[: len(text) - len(text.lstrip())]
    return textwrap.wrap(
        text.lstrip(),
        WIDTH,
        initial_indent=start,
        subsequent_indent=" " * indent,
        drop_whitespace=True,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _plain(row: dict) -> dict:
    return {k: v for k, v in row.items() if not k.startswith("_")}
