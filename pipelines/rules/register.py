"""The rule register of a rule set: `[[rule]]` and `[[rule.parameter]]` of `rules.toml` → rows of `ref.rule`
and `ref.parameter`. Derived sets lay their rules over the base's by id, and parameters by name."""

import re
from decimal import Decimal

from pipelines.rules import reads
from pipelines.rules.read import Layer, value
from pipelines.rules.shape import PARAMETER_KINDS, RULE_STATUS

_RULE = {"id", "paragraph", "title", "status", "reason", "reason_no", "source", "parameter", "change"}
_PARAMETER = {"name", "value", "kind", "unit", "assumption", "paragraph", "source", "description", "text_no"}


def merge_rules(layers: list[Layer], disabled: set[str], faults: list[str]) -> dict[str, dict]:
    """rule id -> its keys, `parameters` (name -> keys), `draft` and `_at`."""
    rules: dict[str, dict] = {}
    for layer in layers:
        _remove_rules(layer, rules, disabled, faults)
        known, seen = {c.get("id") for c in layer.toml.get("change", [])}, set()
        for entry in layer.toml.get("rule", []):
            at = layer.at_rule(str(entry.get("id")))
            given = _checked(entry, _RULE, at, faults)
            rule, change = given.get("id", ""), given.get("change")
            if change is not None and change not in known:
                faults.append(f"{at}: change '{change}' is not declared. Add a [[change]] with this id.")
            if change in disabled:
                continue
            if (rule, change) in seen:
                faults.append(f"{at} is given twice. Keep one.")
                continue
            seen.add((rule, change))
            below = rules.get(rule, {"parameters": {}})
            own_parameters = _own_parameters(given, layer, at, faults)
            parameters = dict(below["parameters"])
            for name, parameter in own_parameters.items():
                inherited = dict(parameters.get(name, {}))
                if "description" in parameter:
                    inherited.pop("text_no", None)  # the Norwegian text says what the description said
                parameters[name] = {**inherited, **parameter}
            own = {k: v for k, v in given.items() if k not in ("parameter", "change")}
            draft = layer.settings.get("status") == "draft" or below.get("draft", False)
            origin = {"_from": layer.settings.get("source", "")}  # a base's rule keeps the base's source
            if "reason" in own:
                below = {k: v for k, v in below.items() if k != "reason_no"}
            rules[rule] = {**origin, **below, **own, "parameters": parameters, "draft": draft, "_at": at}
    return rules


def _own_parameters(given: dict, layer: Layer, at: str, faults: list[str]) -> dict[str, dict]:
    found: dict[str, dict] = {}
    for entry in given.get("parameter", []):
        name = str(entry.get("name"))
        place = f"{at}, parameter {name}"
        if name in found:
            faults.append(f"{place} is given twice. Keep one.")
        checked = _checked(entry, _PARAMETER, place, faults)
        found[name] = {**checked, "_layer": str(layer.folder), "_at": place}
    return found


def _remove_rules(layer: Layer, rules: dict, disabled: set[str], faults: list[str]) -> None:
    for entry in layer.toml.get("remove", []):
        if "rule" in entry and entry.get("change") not in disabled and rules.pop(entry["rule"], None) is None:
            faults.append(
                f"{layer.folder.name}/rules.toml [[remove]]: rule {entry['rule']} is not in the base. Remove the entry."
            )


def _checked(given: dict, allowed: set[str], at: str, faults: list[str]) -> dict:
    """The keys that are known and have the right type; the others are faults."""
    good = {}
    for key, content in given.items():
        wanted = {"assumption": bool, "parameter": list}.get(key, str)
        texts = content if key == "value" and isinstance(content, list) else [content]
        if key not in allowed:
            faults.append(f"{at}: key '{key}' is not known. Use {', '.join(sorted(allowed))}.")
        elif all(isinstance(text, wanted) for text in texts):
            good[key] = content
        elif wanted is str:
            faults.append(
                f"{at}: {key} {content!r} is not text. Write it in quotes, so that no number becomes a binary fraction."
            )
        else:
            faults.append(f"{at}: {key} {content!r} is not a {wanted.__name__}. Correct it.")
    return good


def rule_rows(rules: dict[str, dict], faults: list[str]) -> list[dict]:
    """Rows of `ref.rule`, in the order of the paragraphs."""
    for needed in reads.required_rules():
        if needed not in rules:
            faults.append(f"rules.toml: rule {needed} is missing, and the computation needs it. Add it.")
    rows = []
    for rule, r in rules.items():
        paragraph = r.get("paragraph", rule)
        if not isinstance(rule, str) or not r.get("title") or r.get("status") not in RULE_STATUS:
            faults.append(
                f"{r['_at']}: title is missing or status '{r.get('status')}' is not one of "
                f"{', '.join(RULE_STATUS)}. Give both."
            )
            continue
        if r["status"] != "computed" and not r.get("reason"):
            faults.append(
                f"{r['_at']}: reason is missing for status {r['status']}. Say where it lives, or "
                "why NPR data do not show it."
            )
        if r.get("reason") and not r.get("reason_no"):
            faults.append(f"{r['_at']}: reason_no is missing. Write the reason in Norwegian, for pages and sheets.")
        rows.append(
            {
                "rule": rule,
                "paragraph": paragraph,
                "title": r["title"],
                "chapter": paragraph.partition(".")[0],
                "status": r["status"],
                "reason": r.get("reason"),
                "reason_no": r.get("reason_no"),
                "source": r.get("source") or f"{r['_from']}, § {paragraph}",
                "draft": r["draft"],
                "_at": r["_at"],
            }
        )
    rows.sort(key=lambda row: _order(row["paragraph"]))
    return [{**row, "position": number} for number, row in enumerate(rows, 1)]


def _order(paragraph: str) -> list[tuple[int, str]]:
    """4.2 before 4.19; 3.2.1 before 3.2.1 a."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.findall(r"\d+|[a-z]+", paragraph)]


def parameter_rows(rules: dict[str, dict], sources: dict[str, str], faults: list[str]) -> list[dict]:
    """Rows of `ref.parameter`: one per scalar, one per element of a list."""
    rows = []
    for rule, r in rules.items():
        for name, kind in reads.required().get(rule, {}).items():
            if name not in r["parameters"]:
                faults.append(f"{r['_at']}: parameter {name} (kind {kind}) is missing. Add it.")
            elif r["parameters"][name].get("kind") != kind:
                found = r["parameters"][name].get("kind")
                faults.append(
                    f"{r['_at']}, parameter {name}: kind '{found}' where the computation reads {kind}. Correct it."
                )
        for name, p in r["parameters"].items():
            rows.extend(_parameter(rule, name, r, p, sources, faults))
    return rows


def _parameter(rule: str, name: str, r: dict, p: dict, sources: dict[str, str], faults: list[str]) -> list[dict]:
    at, kind, given = p["_at"], p.get("kind"), p.get("value")
    if not isinstance(name, str) or kind not in PARAMETER_KINDS or given is None or not p.get("description"):
        faults.append(
            f"{at}: name, value or description is missing, or kind '{kind}' is not known. "
            f"Give them, with kind {', '.join(PARAMETER_KINDS)}."
        )
        return []
    if (kind == "list") != isinstance(given, list):
        faults.append(f"{at}: value {given!r} does not fit kind {kind}. A list stands in square brackets.")
        return []
    if isinstance(given, list) and len(set(given)) != len(given):
        faults.append(f"{at}: an element is given twice in {given}. Keep one.")
    if not p.get("text_no"):
        faults.append(f"{at}: text_no is missing. Write the description in Norwegian, for pages and sheets.")
    paragraph, assumption = p.get("paragraph") or r.get("paragraph", rule), p.get("assumption", False)
    source = p.get("source") or f"{sources.get(p['_layer'], '')}, § {paragraph}"
    if assumption and "source" not in p:
        source = f"assumption ({source})"  # the paragraph does not say it
    rows = []
    for text in given if isinstance(given, list) else [given]:
        points: Decimal | None = value("points", text, f"{at}: value", faults) if kind == "points" else None
        number = value("int", text, f"{at}: value", faults) if kind == "number" else None
        if kind == "list" and re.fullmatch(r"\d{1,18}", text):
            number = int(text)
        rows.append(
            {
                "rule": rule,
                "parameter": name,
                "value": text,
                "points": points,
                "number": number,
                "kind": kind,
                "unit": p.get("unit"),
                "assumption": assumption,
                "paragraph": paragraph,
                "source": source,
                "description": p["description"],
                "text_no": p.get("text_no"),
                "_at": at,
            }
        )
    return rows
