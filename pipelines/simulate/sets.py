"""What differs between two rule sets, and whether only some patients, or all, must be settled anew.

A difference in weights or in a rule's parameter `points` changes what units are paid, not what they are.
Other differences concern patients with certain codes, who are found by `sql/simulation_touched/`.
Only what nobody can be told apart by (municipalities, eligibility, the parameters of aggregation) asks for
all patients.
"""

import functools
from collections.abc import Iterable

from pipelines.engine.models import models
from pipelines.rules.load import Ruleset
from pipelines.rules.reads import reads_of

# Columns that describe and that no model reads.
DESCRIPTIVE = {
    "name", "label", "basis", "note", "source", "hf_name", "rhf_name", "hf_type", "hf_class", "drg_type",
    "description", "text_no", "title", "unit", "assumption", "paragraph", "reason", "reason_no", "kind", "draft",
    "position_in_file",
    "published_points_somatikk", "published_points_phvtsb",
}  # fmt: skip
KIND_MATTERS = {"drg_exception"}
# Tables that no computation of points reads.
NEVER_READ = {
    "ruleset", "change", "code", "unit_price", "delivery_period", "day_surgery_family", "weight_method",
    "rule", "trust",
}  # fmt: skip
# Tables whose differences concern patients with certain codes.
BY_CODE = {
    "drg", "stg", "tfg", "tfg_component", "tfg_exclusive_group", "stg_procedure", "stg_medicine",
    "stg_period", "stg_exclusive_group", "drg_exception", "rehab_day", "burn_weight", "non_isf_main_condition",
}  # fmt: skip
MULTIPLIER = "points"


_content: dict[tuple[str, str], frozenset[tuple]] = {}


def content(ruleset: Ruleset, table: str) -> frozenset[tuple]:
    """The rows of a table as far as computations read them; kept, since sets are compared many times."""
    key = (ruleset.sha256, table)
    if key not in _content:
        _content[key] = _read_content(ruleset, table)
    return _content[key]


def _read_content(ruleset: Ruleset, table: str) -> frozenset[tuple]:
    hidden = DESCRIPTIVE - ({"kind"} if table in KIND_MATTERS else set())
    return frozenset(
        tuple(sorted((k, v) for k, v in row.items() if k not in hidden and not k.startswith("_") and v is not None))
        for row in ruleset.tables[table]
    )


def changed_tables(before: Ruleset, after: Ruleset) -> set[str]:
    """Tables of the rule set that differ in what computations read; `parameter` is judged apart."""
    names = before.tables.keys() - NEVER_READ - {"parameter"}
    return {name for name in names if content(before, name) != content(after, name)}


def parameters(ruleset: Ruleset) -> dict[tuple[str, str], list]:
    """(rule, parameter) → its values, sorted; only parameters that a model names. The others say what was
    assumed."""
    found: dict[tuple[str, str], list] = {}
    for row in ruleset.tables["parameter"]:
        if asked_for() & {(row["rule"], row["parameter"]), (None, row["parameter"])}:
            found.setdefault((row["rule"], row["parameter"]), []).append(row["value"])
    return {key: sorted(values) for key, values in found.items()}


def changed_rules(before: Ruleset, after: Ruleset) -> set[str]:
    """Rules that the models read and whose parameters differ."""
    old, new = parameters(before), parameters(after)
    return {key[0] for key in old.keys() | new.keys() if old.get(key) != new.get(key)}


@functools.cache
def asked_for() -> frozenset[tuple[str | None, str | None]]:
    """What the models of the settlement ask a rule set for, as rule (None: any) and parameter."""
    return frozenset((read.rule, read.parameter) for model in models() for read in reads_of(model.sql))


def multiplied(ruleset: Ruleset) -> dict[str, object]:
    """Rules that pay a parameter `points` a whole number of times, and those points."""
    return {row["rule"]: row["points"] for row in ruleset.tables["parameter"] if row["parameter"] == MULTIPLIER}


def reasons_for_all(before: Ruleset, after: Ruleset) -> list[str]:
    """Why all patients must be settled anew; empty where the touched patients and the cube are enough."""
    reasons = [f"table {name}" for name in sorted(changed_tables(before, after) - BY_CODE)]
    old, new = parameters(before), parameters(after)
    pays = multiplied(before)
    for rule in sorted(changed_rules(before, after)):
        differ = {p for r, p in old.keys() | new.keys() if r == rule and old.get((r, p)) != new.get((r, p))}
        removed = not any(r == rule for r, _ in new)
        # The points of a rule, or a whole rule that pays them, go with what the rule has paid.
        by_points = pays.get(rule) and (removed or differ == {MULTIPLIER}) and (removed or (rule, MULTIPLIER) in new)
        if not by_points:
            reasons.append(f"rule {rule}: {', '.join(sorted(differ))}")
    return reasons


def affected(before: Ruleset, after: Ruleset, others: Iterable[str] = ()) -> set[str]:
    """Models of the settlement whose rows may differ, with all that read them. `others`: tables that differ beside
    those of the rule sets."""
    tables = {f"ref.{name}" for name in changed_tables(before, after)} | set(others)
    old, new = parameters(before), parameters(after)
    changed: set[tuple[str | None, str | None]] = {
        key for key in old.keys() | new.keys() if old.get(key) != new.get(key)
    }
    # A parameter may be asked for by its rule, by its name in all rules, or a rule by whether it is there.
    changed |= {(None, parameter) for _, parameter in changed}
    changed |= {(rule, None) for rule in _rule_difference(before, after)}
    found: set[str] = set()
    for model in models():
        asked = {(read.rule, read.parameter) for read in reads_of(model.sql)}
        if model.reads & (tables | found) or asked & changed:
            found.add(model.name)
    return found


def _rule_difference(before: Ruleset, after: Ruleset) -> set[str]:
    return {r["rule"] for r in before.tables["rule"]} ^ {r["rule"] for r in after.tables["rule"]}


def computes_alike(before: Ruleset, after: Ruleset) -> bool:
    """Whether two sets give the same points of any activity, because nothing that a computation reads differs."""
    asked = {rule for rule, _ in asked_for()} & _rule_difference(before, after)
    return not changed_tables(before, after) and not changed_rules(before, after) and not asked
