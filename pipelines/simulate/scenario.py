"""The saved scenario: `<home>/simulations/<id>/`, whole or not at all, never changed, with a manifest.

The same activity, rule sets, program and options give the same bytes and the same folder; anything else a new one.
"""

import json
import re
import shlex
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.engine import home as homes
from pipelines.engine import workspace
from pipelines.engine.workspace import literal
from pipelines.errors import InputRefused, IsfError, RulesetInvalid
from pipelines.publication import csvfile, folder, manifest
from pipelines.publication.audience import DIRECTORATE
from pipelines.publication.folder import Made
from pipelines.publication.result import keys_of
from pipelines.publication.tables import Rows
from pipelines.publication.tables import read as read_rows
from pipelines.rules import load as rulesets
from pipelines.rules.load import Ruleset
from pipelines.settlement.run import run_facts
from pipelines.simulate import bootstrap, each, grouping, report, workbook
from pipelines.simulate import neutral as neutrals
from pipelines.simulate.activity import Activity
from pipelines.simulate.compare import Budget, Comparison, compare_all, table_model
from pipelines.simulate.evaluate import Evaluations, settled_rules

FOLDER = "simulations"
PAGE = "simulering.html"
WORKBOOK = "simulering.xlsx"
CELLS = "virkning"


@dataclass
class Scenario:
    """A baseline, its comparisons, and their tables with the alternative as first column."""

    id: str
    activity: Activity
    comparisons: list[Comparison]
    facts: dict[str, Any]
    tables: dict[str, Rows] = field(default_factory=dict)
    command: str = ""


def run(
    activity: Activity,
    baseline: str,
    alternatives: list[str],
    *,
    calibrate: str = "sector",
    only_weights: bool = False,
    each_change: bool = False,
    budget: Budget | None = None,
    neutral: Sequence[str] = (),
    crosswalk: Path | None = None,
    definitions: tuple[Path, str] | None = None,
    resamples: int = 0,
    seed: int = 1,
) -> Scenario:
    """Compare every alternative with the baseline. Rule sets are ids or folders; faults of all are told together.

    `each_change`: also what each change of an alternative does alone; `neutral`: `SOM:BT01`, groups whose neutral
    weight is asked for. `crosswalk`: a file by which the alternatives' episodes are grouped otherwise; `definitions`:
    home and id of the definition tables by which their stays are. Without alternatives the baseline is the alternative.
    """
    regroups = crosswalk is not None or definitions is not None
    alternatives = alternatives or ([baseline] if regroups else [])
    rules = read_sets(baseline, alternatives)
    bootstrap.check(resamples)
    groups = neutrals.read(neutral, rules[1:])
    if groups and only_weights:
        raise InputRefused("--neutral", ["It is about all that is paid, so it cannot be given with --only weights."])
    settled = settled_rules(activity)
    evaluations = Evaluations(activity, settled)
    grouped = None
    if crosswalk or definitions:
        _only_regrouped(crosswalk, definitions, only_weights or each_change or bool(groups))
        if crosswalk:
            grouped = grouping.by_crosswalk(activity, crosswalk, rules[1:])
        elif definitions:
            grouped = grouping.by_definitions(activity, *definitions)
    if grouped:
        rules[1:] = [grouped.of(alternative) for alternative in rules[1:]]
        evaluations.groupings = {alternative.sha256: grouped for alternative in rules[1:]}
    comparisons = compare_all(
        activity,
        settled,
        rules[0],
        rules[1:],
        calibrate=calibrate,
        only_weights=only_weights,
        budget=budget,
        evaluations=evaluations,
    )
    for comparison in comparisons:
        comparison.grouping = grouped.title if grouped else ""
    for comparison in comparisons:
        if each_change:
            each.add(activity, evaluations, comparison)
        if groups:
            neutrals.add(activity, evaluations, comparison, groups)
        if resamples:
            bootstrap.add(activity, evaluations, comparison, resamples, seed)
    name = scenario_id(activity.delivery, rules, calibrate, only_weights, resamples)
    name += ("_hvert-tiltak" if each_change else "") + ("_noytral" if groups else "")
    scenario = Scenario(name, activity, comparisons, {})
    with workspace.inside(activity.con, "look"):
        scenario.facts = run_facts(
            activity.con,
            calibrate=calibrate,
            only="weights" if only_weights else None,
            each_change=each_change,
            prices={sector: str(price) for sector, price in (budget or Budget()).prices},
            growth=[[sector, group, str(percent)] for sector, group, percent in (budget or Budget()).growth],
            crosswalk=str(crosswalk) if crosswalk else None,
            alternative_grouping=definitions[1] if definitions else None,
            neutral=[f"{group.sector}:{group.code}" for group in groups],
            bootstrap=resamples,
            seed=seed if resamples else None,
        )
    if grouped:
        scenario.facts["grouping"] = grouped.facts
    scenario.facts["rulesets"] = [{"id": r.id, "status": r.status, "sha256": r.sha256} for r in rules]
    scenario.command = command_line(activity.delivery, baseline, alternatives, scenario.facts["options"])
    _gather(scenario)
    return scenario


def read_sets(baseline: str, alternatives: Sequence[str]) -> list[Ruleset]:
    """The rule sets of a scenario, the baseline first. Raises RulesetInvalid with the faults of all, and IsfError where
    two alternatives have one id."""
    rules, faults = [], []
    for name in [baseline, *alternatives]:
        try:
            rules.append(rulesets.read(name))
        except IsfError as error:
            faults.append(str(error))
    if faults:
        raise RulesetInvalid(", ".join([baseline, *alternatives]), faults)
    if len({r.id for r in rules[1:]}) < len(alternatives):
        raise IsfError("Two alternatives have the same id; give each rule set an id of its own in rules.toml.")
    return rules


def _only_regrouped(crosswalk: Path | None, definitions: tuple[Path, str] | None, other: bool) -> None:
    """Raises InputRefused where an alternative grouping is asked for together with what does not know it."""
    if crosswalk and definitions:
        raise InputRefused("The grouping", ["--crosswalk and --alternative-grouping cannot be given together."])
    if other:
        problem = "An alternative grouping cannot be given with --only weights, --each-change or --neutral."
        raise InputRefused("The grouping", [f"{problem} Simulate it by itself, and the rules by themselves."])


def without(alternatives: list[str], changes: Sequence[str]) -> list[str]:
    """The alternatives without those of `changes` that they have. Raises InputRefused for a change that none has."""
    if not changes:
        return alternatives
    declared = {name: {row["change"] for row in rulesets.read(name).tables["change"]} for name in alternatives}
    known = sorted(set().union(*declared.values()))
    problems = [
        f"--without {change}: no alternative has a change of that name; there are {', '.join(known) or 'none'}."
        for change in changes
        if change not in known
    ]
    if problems:
        raise InputRefused("The choice of changes", problems)
    return [str(rulesets.without(name, declared[name] & set(changes))) for name in alternatives]


def scenario_id(delivery: str, rules: list, calibrate: str, only_weights: bool, resamples: int) -> str:
    """A name that says what is compared; the manifest holds the hashes."""
    parts = [delivery, rules[0].id, "mot", *(r.id for r in rules[1:])]
    parts += ["vekter"] if only_weights else []
    parts += [] if calibrate == "sector" else [f"kalibrering-{calibrate}"]
    parts += [f"b{resamples}"] if resamples else []
    return folder.safe_name(re.sub(r"[ ,]+", "-", "_".join(parts))[:180])


def command_line(delivery: str, baseline: str, alternatives: list[str], options: dict) -> str:
    words = ["isf simulate", f"--activity {delivery}", f"--baseline {shlex.quote(baseline)}"]
    words += [f"--alternative {shlex.quote(name)}" for name in alternatives]
    words += [f"--calibrate {options['calibrate']}"] + (["--only weights"] if options["only"] else [])
    words += ["--each-change"] if options["each_change"] else []
    words += [f"--price {sector}={price}" for sector, price in options["prices"].items()]
    words += [f"--growth {shlex.quote(f'{sector}:{group}={percent}')}" for sector, group, percent in options["growth"]]
    words += [f"--crosswalk {shlex.quote(options['crosswalk'])}"] if options["crosswalk"] else []
    words += [f"--alternative-grouping {options['alternative_grouping']}"] if options["alternative_grouping"] else []
    words += [f"--neutral {group}" for group in options["neutral"]]
    if options["bootstrap"]:
        words += [f"--bootstrap {options['bootstrap']}", f"--seed {options['seed']}"]
    return " ".join(words)


def _gather(scenario: Scenario) -> None:
    """The tables of all comparisons in one, the alternative first."""
    con = scenario.activity.con
    database = scenario.activity.database("scenario")
    for name in (*scenario.comparisons[0].tables, "effect"):
        parts = [
            f"select {number} as alternative_nr,"
            f" cast({literal(c.alternative.id)} as varchar) as alternativ, *"
            f" from {c.database}.{name}"
            for number, c in enumerate(scenario.comparisons)
        ]
        kind = "view" if name == "effect" else "table"  # so many rows are only written to their file
        con.execute(f"create {kind} {database}.{name} as " + " union all ".join(parts))
    for name in scenario.comparisons[0].tables:
        scenario.tables[name] = read_rows(con, _ordered(database, name))
    scenario.facts["database"] = database


def _ordered(database: str, name: str) -> str:
    keys = ", ".join(f"{key} nulls first" for key in keys_of(table_model(name)))
    return f"select * exclude (alternative_nr) from {database}.{name} order by alternative_nr, {keys}"


def save(scenario: Scenario, parent: Path) -> tuple[Path, bool]:
    """Write the scenario under `parent`: its path, and whether the same one was there already."""
    homes.make(parent)
    inside = in_home(parent)
    saved = folder.publish(parent, scenario.id, lambda tmp: _write(scenario, tmp, inside), private=True)
    return saved.path, saved.unchanged


def in_home(parent: Path) -> bool:
    """Whether scenarios under `parent` lie in a home, whose other pages theirs lead to."""
    return parent.name == FOLDER and (parent.parent / "warehouse").is_dir()


def take(made: Path, parent: Path) -> tuple[Path, bool]:
    """Save under `parent` a scenario that was saved elsewhere, with the same bytes; as `save`."""
    content = json.loads((made / manifest.NAME).read_bytes())
    del content["files"], content[manifest.SELF]

    def copy(tmp: Path) -> Made:
        shutil.copytree(made, tmp, ignore=shutil.ignore_patterns(manifest.NAME), dirs_exist_ok=True)
        return Made(content)

    homes.make(parent)
    saved = folder.publish(parent, made.name, copy, private=True)
    return saved.path, saved.unchanged


def _write(scenario: Scenario, tmp: Path, in_home: bool) -> Made:
    con = scenario.activity.con
    facts = dict(scenario.facts)
    database = facts.pop("database")
    tables = dict(scenario.tables)
    con.execute("set preserve_insertion_order = true")
    for name in scenario.tables:
        _parquet(con, _ordered(database, name), tmp / f"{name}.parquet")
    _parquet(con, _ordered(database, "effect"), tmp / f"{CELLS}.parquet")
    con.execute("set preserve_insertion_order = false")
    for name, table in tables.items():
        csvfile.write(table, tmp / f"{name}.csv")
    workbook.write(scenario, tables, tmp / WORKBOOK)
    (tmp / PAGE).write_text(report.build(scenario, in_home=in_home), encoding="utf-8", newline="\n")
    made_from = {**facts, "scenario": scenario.id, "command": scenario.command}
    rows = {name: len(table.rows) for name, table in tables.items()}
    return Made(manifest.content(made_from, rows, DIRECTORATE))


def _parquet(con, query: str, path: Path) -> None:
    con.execute(f"copy ({query}) to {literal(path)} (format parquet, compression zstd)")


def saved(parent: Path) -> list[dict]:
    """The scenarios under a folder: what their manifests say, by name, and whether the folder is intact."""
    found = []
    for path in sorted(parent.glob("[!.]*/" + manifest.NAME)):
        content = json.loads(path.read_bytes())
        problems = manifest.compare(path.parent)[0]
        found.append({"path": path.parent, "problems": problems, **content})
    return found
